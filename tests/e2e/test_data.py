"""The data outlives pods and, unless told otherwise, the resource: on a class's volume and on the operator's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from e2e.conftest import Stack
from support.kubectl import eventually

STORAGE: list[dict[str, Any]] = [{}, {"storageClassName": "manual", "size": "1Gi"}]


@pytest.fixture(params=STORAGE, ids=["default-class", "manual"])
def storage(request: pytest.FixtureRequest, stack: Stack) -> Iterator[dict[str, Any]]:
    spec: dict[str, Any] = {"postgres": {"storage": request.param}, "redisInsight": {"enabled": False}}
    stack.apply(**spec)
    stack.wait_ready()
    yield spec
    stack.kubectl.patch("btcc/demo", {"spec": {"deletionPolicy": "Delete"}})
    # The policy counts from when the operator has seen it; until then data are kept.
    stack.wait_ready()
    stack.kubectl.run("delete", "btcc/demo", "--timeout=120s")
    eventually("claim and secret are gone", lambda: not _data(stack))
    eventually("the volume is gone", lambda: not _volumes(stack))


def _data(stack: Stack) -> set[str]:
    return stack.kubectl.names("persistentvolumeclaims,secrets") & {"demo-postgres", "demo-postgres-secret"}


def _volumes(stack: Stack) -> list[str]:
    return [
        volume["metadata"]["name"]
        for volume in stack.kubectl.items("persistentvolumes")
        if volume["spec"].get("claimRef", {}).get("namespace") == stack.kubectl.namespace
    ]


def test_data_survives_pod_and_resource(stack: Stack, storage: dict[str, Any]) -> None:
    for symbol, price in {"BTC": 43000, "ETH": 2200}.items():
        assert stack.http.put_price(symbol, price).status == 201
    ranking = stack.http.ranking()

    [pod] = stack.kubectl.names("pods", "--selector", "app.kubernetes.io/component=postgres")
    stack.kubectl.run("delete", "pod", pod)
    eventually(
        "another Postgres",
        lambda: stack.kubectl.names("pods", "--selector", "app.kubernetes.io/component=postgres") - {pod},
    )
    stack.wait_ready()
    eventually("the same ranking", lambda: stack.http.ranking() == ranking)

    stack.kubectl.run("delete", "btcc/demo", "--timeout=60s")
    eventually("pods are gone", lambda: not stack.kubectl.names("pods"))
    assert _data(stack) == {"demo-postgres", "demo-postgres-secret"}
    stack.apply(**storage)
    stack.wait_ready()
    assert stack.http.ranking() == ranking
    assert stack.resource["status"]["priming"]["keys"] == len(ranking)
