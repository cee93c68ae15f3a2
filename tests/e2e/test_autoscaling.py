"""Load decides how many backends there are, through the resource's own scale; nobody writes the number back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from e2e.conftest import Stack
from support.kubectl import eventually

MOST = 3
AUTOSCALING = {"minReplicas": 1, "maxReplicas": MOST, "targetCPUUtilization": 50}
BACKEND = {
    "autoscaling": AUTOSCALING,
    # Whoever uses half of it is scaled, and that is far more than the 2m of a backend that nobody asks anything. All of
    # it scales to the most, and that is far less than the load takes, on a slow machine, too.
    "resources": {"requests": {"cpu": "30m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}},
}


@pytest.fixture(scope="module")
def lonely(stack: Stack) -> Stack:
    """One backend, an autoscaler that measures it, and a manifest that leaves ``replicas`` out."""
    stack.apply(backend=BACKEND, frontend={"replicas": 1}, redisInsight={"enabled": False})
    stack.kubectl.run("scale", "btcc/demo", "--replicas=1")
    stack.wait_ready()
    eventually("a coin is stored", lambda: stack.http.put_price("BTC", 43000).status in (200, 201))
    eventually("the backend's load is measured", lambda: scaling_is_active(stack), seconds=300)
    return stack


def test_load_scales_the_resource_and_its_backends_follow(lonely: Stack) -> None:
    assert lonely.resource["spec"]["replicas"] == 1
    with load(lonely):
        eventually("the resource is scaled", lambda: lonely.resource["spec"]["replicas"] == MOST, seconds=300)
        eventually("its backends are there", lambda: lonely.ready_backends == MOST)
    lonely.wait_ready()
    assert "kube-controller-manager" in owners_of_replicas(lonely)


def test_the_number_survives_whoever_applies_the_manifest_again(lonely: Stack) -> None:
    changed = lonely.manifest(
        backend={**BACKEND, "logLevel": "WARNING"},
        frontend={"replicas": 1},
        redisInsight={"enabled": False},
    )
    lonely.kubectl.apply(changed)
    lonely.wait_ready()
    assert lonely.resource["spec"]["replicas"] == MOST
    server_side = ("apply", "--server-side", "--force-conflicts", "--field-manager=continuous-delivery")
    lonely.kubectl.run(*server_side, "--filename", "-", stdin=json.dumps(changed))
    lonely.wait_ready()
    assert lonely.resource["spec"]["replicas"] == MOST
    assert lonely.ready_backends == MOST


def test_the_operator_never_writes_it(lonely: Stack) -> None:
    owners = owners_of_replicas(lonely)
    assert owners
    assert "bitcoincache-operator" not in owners


def scaling_is_active(stack: Stack) -> bool:
    status = stack.kubectl.get("horizontalpodautoscaler/demo-backend")["status"]
    return any(
        found["type"] == "ScalingActive" and found["status"] == "True" for found in status.get("conditions") or ()
    )


def owners_of_replicas(stack: Stack) -> set[str]:
    """The managers of spec.replicas, as server-side apply counts them."""
    resource = stack.kubectl.get("btcc/demo", "--show-managed-fields")
    return {
        entry["manager"]
        for entry in resource["metadata"]["managedFields"]
        if "f:replicas" in entry.get("fieldsV1", {}).get("f:spec", {})
    }


@contextmanager
def load(stack: Stack) -> Iterator[None]:
    """Reads without pause through the page's Service, until the context ends."""
    enough = threading.Event()

    def read() -> None:
        while not enough.is_set():
            assert stack.http.coin("BTC").status == 200

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read) for _ in range(4)]
        try:
            yield
        finally:
            enough.set()
    for reader in readers:
        reader.result()
