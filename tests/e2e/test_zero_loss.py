"""Not one request is lost while pods come and go: under load through the page's Service, each on a new connection.

A 503, a broken connection and a wrong answer all count as lost, and no client tries again. Each test goes on from the
one before. The stores share a node that is never drained: a single PostgreSQL can't move without being away. Redis can.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from e2e.conftest import ARTIFACTS, Stack
from support.kubectl import Kubectl, KubectlError, eventually
from support.load import under_load

FEW = 100
"""Fewer requests than this during an event would say little about it."""


@pytest.fixture(scope="module")
def worker(cluster_kubectl: Kubectl) -> Iterator[str]:
    """The node to be drained; it takes pods again afterwards, whatever happens."""
    [name] = cluster_kubectl.names("nodes", "--selector", "!node-role.kubernetes.io/control-plane")
    yield name
    cluster_kubectl.run("uncordon", name)


@pytest.fixture(scope="module")
def running(stack: Stack, worker: str) -> Stack:
    """Three backends over both nodes, all else on the other one."""
    stack.kubectl.run("cordon", worker)
    stack.apply(replicas=1, redisInsight={"enabled": False})
    stack.wait_ready()
    stack.kubectl.run("uncordon", worker)
    scale(stack, 3)
    assert {component(pod) for pod in pods(stack) if node(pod) == worker} == {"backend"}
    return stack


@pytest.fixture
def load(running: Stack, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Load during the whole test, which is judged by it."""
    with under_load(running.http) as traffic:
        eventually("the load is on", lambda: traffic.total > FEW)
        yield
        # Whatever was on its way to a pod that is gone has come to its end.
        seen = traffic.total
        eventually("the load goes on", lambda: traffic.total > seen + FEW)
    case = request.node.name.removeprefix("test_")
    result = {"case": case, "requests": traffic.total, "kinds": traffic.requests, "failures": traffic.failures}
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    with (ARTIFACTS / "zero-loss.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(result) + "\n")
    with capsys.disabled():
        print(f"\n{case}: {traffic.total} requests, {len(traffic.failures)} failures")
    assert not traffic.failures, "\n".join(traffic.failures)
    assert set(traffic.requests) == {"GET", "list", "PUT", "POST", "DELETE"}


def pods(stack: Stack, wanted: str = "") -> list[dict[str, Any]]:
    """The stack's pods that aren't on their way out."""
    selector = f"app.kubernetes.io/component{f'={wanted}' if wanted else ''}"
    found = stack.kubectl.items("pods", "--selector", selector, "--field-selector", "status.phase!=Succeeded")
    return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]


def component(pod: dict[str, Any]) -> str:
    return str(pod["metadata"]["labels"]["app.kubernetes.io/component"])


def node(pod: dict[str, Any]) -> str:
    return str(pod["spec"]["nodeName"])


def uids(stack: Stack, wanted: str = "backend") -> set[str]:
    return {pod["metadata"]["uid"] for pod in pods(stack, wanted)}


def scale(stack: Stack, replicas: int) -> None:
    stack.kubectl.run("scale", "btcc/demo", f"--replicas={replicas}")
    eventually(f"{replicas} backends", lambda: stack.ready_backends == replicas == len(uids(stack)))
    stack.wait_ready()
    until_gone(stack)


def until_gone(stack: Stack) -> None:
    """Until those pods that were told to end have ended."""
    eventually(
        "no pod ends any more",
        lambda: not [pod for pod in stack.kubectl.items("pods") if "deletionTimestamp" in pod["metadata"]],
    )


def replaced(stack: Stack, before: set[str]) -> None:
    eventually("all backends are new ones", lambda: (now := uids(stack)) and not now & before, seconds=300)
    stack.wait_ready()
    until_gone(stack)


@pytest.mark.usefixtures("load")
def test_backends_scale_from_five_to_one_and_back(running: Stack) -> None:
    for replicas in (5, 1, 5, 3):
        scale(running, replicas)


@pytest.mark.usefixtures("load")
def test_another_image_rolls_the_backend(running: Stack) -> None:
    before = uids(running)
    running.kubectl.patch("btcc/demo", {"spec": {"backend": {"image": os.environ["BITCOINCACHE_NEXT_BACKEND"]}}})
    replaced(running, before)


@pytest.mark.usefixtures("load")
def test_a_backend_is_deleted(running: Stack) -> None:
    pod = pods(running, "backend")[0]
    running.kubectl.run("delete", "pod", pod["metadata"]["name"])
    eventually("three backends again", lambda: running.ready_backends == 3)
    running.wait_ready()


@pytest.mark.usefixtures("load")
def test_the_databases_password_is_rotated(running: Stack) -> None:
    before, database = uids(running), uids(running, "postgres")
    old = password(running, "demo-postgres-secret")
    change = {"stringData": {"POSTGRES_PASSWORD": "an0ther"}}
    running.kubectl.patch("secret/demo-postgres-secret", change)
    replaced(running, before)
    assert password(running, "demo-backend-secret") == "an0ther"
    assert uids(running, "postgres") == database
    assert not is_let_in(running, old)
    assert is_let_in(running, "an0ther")


@pytest.mark.usefixtures("load")
def test_redis_ends_and_the_next_one_is_primed(running: Stack) -> None:
    assert running.http.put_price("STILL", 1).status == 201
    primed = running.resource["status"]["priming"]
    with suppress(KubectlError):  # its container ends under the command
        running.redis("SHUTDOWN", "NOSAVE")
    eventually("another priming", lambda: running.resource["status"]["priming"]["hash"] != primed["hash"])
    running.wait_ready()
    eventually("hits again", lambda: "hit" in running.http.coin("STILL").cache)


def password(stack: Stack, secret: str) -> str:
    return base64.b64decode(stack.kubectl.get(f"secret/{secret}")["data"]["POSTGRES_PASSWORD"]).decode()


def is_let_in(stack: Stack, password: str) -> bool:
    # By the pod's own address: the image lets everyone in who comes by 127.0.0.1.
    ask = f"PGPASSWORD={password} psql --host=$(hostname -i) --username=bitcoin --command='SELECT 1' >/dev/null 2>&1"
    told = stack.kubectl.run("exec", "deployment/demo-postgres", "--", "sh", "-c", f"{ask} && echo in || echo out")
    return told.strip() == "in"


@contextmanager
def drained(stack: Stack, name: str) -> Iterator[None]:
    selector = ("--pod-selector", "app.kubernetes.io/name=bitcoincache")
    try:
        stack.kubectl.run("drain", name, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s", *selector)
        yield
    finally:
        stack.kubectl.run("uncordon", name)


@pytest.mark.usefixtures("load")
def test_a_node_is_drained(running: Stack, worker: str) -> None:
    assert len({node(pod) for pod in pods(running, "backend")}) == 2
    with drained(running, worker):
        assert not [pod for pod in pods(running) if node(pod) == worker]
        eventually("three backends on the other node", lambda: running.ready_backends == 3)
        running.wait_ready()
        until_gone(running)
