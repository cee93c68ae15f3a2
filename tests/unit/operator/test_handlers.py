"""What an event of the cluster makes of the queue."""

from __future__ import annotations

import copy
from typing import Any, Final

import kopf
import pytest

from bitcoincache_operator import handlers
from bitcoincache_operator.resource import ResourceKey

META: Final[dict[str, Any]] = {
    "namespace": "ns",
    "name": "demo",
    "uid": "1",
    "generation": 1,
    "resourceVersion": "7",
    "labels": {"team": "a"},
}
# kopf gives them far more than they ask for.
RESOURCE_CHANGED: Final[Any] = handlers.resource_changed
CHILD_CHANGED: Final[Any] = handlers.child_changed
KEY: Final = ResourceKey("ns", "demo")


class Queue:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ResourceKey]] = []

    def wake(self, key: ResourceKey) -> None:
        self.told.append(("wake", key))

    def hasten(self, key: ResourceKey) -> None:
        self.told.append(("hasten", key))


async def answers(*events: tuple[str, dict[str, Any]]) -> list[str]:
    """What each event of one resource leads to."""
    queue = Queue()
    memo = kopf.Memo(queue=queue, namespaces=())
    for kind, meta in events:
        await RESOURCE_CHANGED(memo=memo, event={"type": kind}, meta=meta)
    assert {key for _, key in queue.told} == {KEY}
    return [how for how, _ in queue.told]


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(META), "resourceVersion": "8", **fields}


@pytest.mark.parametrize(
    "asked",
    [
        {"generation": 2},
        {"labels": {"team": "b"}},
        {"annotations": {"a": "b"}},
        {"finalizers": ["x"]},
        {"deletionTimestamp": "2026-01-01T00:00:00Z"},
        {"uid": "2"},
    ],
    ids=lambda asked: next(iter(asked)),
)
async def test_a_change_of_what_is_asked_for_is_not_kept_waiting(asked: dict[str, Any]) -> None:
    assert await answers(("ADDED", META), ("MODIFIED", changed(**asked))) == ["hasten", "hasten"]


async def test_a_change_of_the_status_alone_ends_no_backoff() -> None:
    assert await answers(("ADDED", META), ("MODIFIED", changed()), ("MODIFIED", changed())) == [
        "hasten",
        "wake",
        "wake",
    ]


async def test_a_resource_that_is_gone_is_looked_after_at_once() -> None:
    assert await answers(("ADDED", META), ("DELETED", META)) == ["hasten", "hasten"]


@pytest.mark.parametrize(("served", "woken"), [((), True), (("ns", "other"), True), (("other",), False)])
async def test_a_child_wakes_its_owner_where_that_is_served(served: tuple[str, ...], woken: bool) -> None:
    queue = Queue()
    labels = {"bitcoincache.dev/namespace": "ns", "app.kubernetes.io/instance": "demo"}
    await CHILD_CHANGED(memo=kopf.Memo(queue=queue, namespaces=served), labels=labels)
    assert queue.told == ([("wake", KEY)] if woken else [])
