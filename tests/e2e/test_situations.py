"""What goes wrong is told: by which condition, for which reason, in which words. docs/situations.md is the table."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from e2e.conftest import ARTIFACTS, Stack, dump, new_stack
from support.kubectl import Kubectl, condition, eventually

TABLE: Final = Path(__file__).parents[2] / "docs/situations.md"

QUIET: Final[dict[str, Any]] = {
    "replicas": 0,
    "frontend": {"replicas": 0, "service": {"type": "ClusterIP"}},
    "redisInsight": {"enabled": False},
}
"""As few pods as there can be."""


@dataclass(frozen=True)
class Row:
    situation: str
    condition: str
    reason: str
    message: str

    def tells(self, resource: dict[str, Any]) -> bool:
        told = condition(resource, self.condition)
        pattern = ".*".join(map(re.escape, self.message.split("…")))
        return bool(told.get("reason") == self.reason and re.fullmatch(pattern, told["message"], re.DOTALL))


def rows() -> list[Row]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines[2:]]
    return [Row(*row) for row in cells]


def short_of_everything(stack: Stack) -> None:
    huge = {"requests": {"cpu": "1000", "memory": "64Mi"}, "limits": {"cpu": "1000"}}
    stack.apply(
        **QUIET
        | {
            "redis": {"resources": huge},
            "postgres": {"storage": {"storageClassName": "nosuch"}},
            "frontend": {"replicas": 1, "image": "registry.invalid/page:1", "service": {"type": "ClusterIP"}},
        }
    )


def crashing(stack: Stack) -> None:
    stack.apply(**QUIET | {"postgres": {"parameters": {"max_connections": "none at all"}}})


def out_of_memory(stack: Stack) -> None:
    little = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "16Mi"}}
    stack.apply(**QUIET | {"replicas": 1, "backend": {"resources": little}})


def priming_without_image(stack: Stack) -> None:
    stack.apply(**QUIET | {"backend": {"image": "registry.invalid/backend:1"}})


def priming_that_fails(stack: Stack) -> None:
    operator = stack.kubectl.get("deployment/bitcoincache-operator", "--namespace", "bitcoincache-system")
    [container] = operator["spec"]["template"]["spec"]["containers"]
    images = {entry["name"]: entry.get("value") for entry in container["env"]}
    stack.apply(**QUIET | {"backend": {"image": images["BITCOINCACHE_IMAGE_REDIS"]}})


def redis_without_memory(stack: Stack) -> None:
    stack.apply(**QUIET | {"redis": {"maxMemory": "1Mi"}})


def wrong_password(stack: Stack) -> None:
    stack.apply(**QUIET)
    stack.kubectl.wait("bitcoincache/demo", "condition=PostgresReady")
    stack.kubectl.run("delete", "btcc/demo", "--timeout=60s")
    eventually("its pods are gone", lambda: not stack.kubectl.names("pods"))
    wrong = base64.b64encode(b"not the password").decode()
    stack.kubectl.patch("secret/demo-postgres-secret", {"data": {"POSTGRES_PASSWORD": wrong}})
    stack.apply(**QUIET)


def lost_password(stack: Stack) -> None:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    head = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "demo-postgres"}}
    stack.kubectl.apply({**head, "spec": claim})
    stack.apply(**QUIET)


def without_room_or_name(stack: Stack) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    foreign = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "demo-redis-config"}}
    stack.kubectl.apply(quota, foreign)
    stack.apply(**QUIET)


def paused(stack: Stack) -> None:
    stack.apply(**QUIET | {"paused": True})


SITUATIONS: Final[dict[str, Callable[[Stack], None]]] = {
    "No node has room for a pod": short_of_everything,
    "An image can't be pulled": short_of_everything,
    "The storage class doesn't exist": short_of_everything,
    "A pod ends again and again": crashing,
    "A pod needs more memory than it may have": out_of_memory,
    "The image of a priming can't be pulled": priming_without_image,
    "The priming Job failed": priming_that_fails,
    "Redis has no memory for a single key": redis_without_memory,
    "PostgreSQL doesn't take the Secret's password": wrong_password,
    "There is a volume, and its password is lost": lost_password,
    "A quota leaves no room for pods": without_room_or_name,
    "A child's name is taken": without_room_or_name,
    "The resource is paused": paused,
}


@pytest.fixture(scope="module")
def stacks(request: pytest.FixtureRequest, cluster_kubectl: Kubectl) -> Iterator[dict[Callable[[Stack], None], Stack]]:
    """One for each way to go wrong, all at once: most of the time they wait."""
    ways = list(dict.fromkeys(SITUATIONS.values()))
    made = {way: new_stack(cluster_kubectl, way.__name__.replace("_", "-")) for way in ways}
    failed_before = request.session.testsfailed
    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(way, stack) for way, stack in made.items()]:
            done.result()
    yield made
    if request.session.testsfailed > failed_before:
        for way, stack in made.items():
            dump(stack.kubectl, ARTIFACTS / "situations" / way.__name__)
    namespaces = [stack.kubectl.namespace for stack in made.values()]
    cluster_kubectl.run("delete", "namespace", *namespaces, "--timeout=300s")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.situation)
def test_the_status_tells_it_as_the_table_does(row: Row, stacks: dict[Callable[[Stack], None], Stack]) -> None:
    stack = stacks[SITUATIONS[row.situation]]
    try:
        eventually(str(row), lambda: row.tells(stack.resource), seconds=300)
    except AssertionError as error:
        raise AssertionError(f"not {row}, but {condition(stack.resource, row.condition)}") from error
    assert condition(stack.resource, "Ready")["status"] == "False"


def test_the_table_has_every_situation() -> None:
    assert [row.situation for row in rows()] == list(SITUATIONS)
