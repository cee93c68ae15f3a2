"""Killed after any of its writes, and started again, the operator brings its story to the same end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest

from integration.operator.lane import Lane, lane
from support.apiserver import ApiServer
from support.likeness import difference

_SIDE_BY_SIDE: Final = 2
_NEVER: Final = 10**6

STACK: Final[dict[str, Any]] = {
    "deletionPolicy": "Delete",
    "cache": {"warming": {"schedule": "0 * * * *"}},
    "postgres": {"storage": {"storageClassName": "manual"}},
}
NEWER: Final[dict[str, Any]] = {
    "replicas": 3,
    "backend": {"image": "example.com/backend:2"},
    "frontend": {"pollInterval": "9s"},
    "redis": {"maxMemory": "100Mi"},
    "redisInsight": {"enabled": False},
}


@pytest.fixture
def lanes(faulty_cluster: ApiServer, tmp_path: Path) -> Iterator[list[Lane]]:
    with ExitStack() as stack:
        yield [stack.enter_context(lane(faulty_cluster, tmp_path)) for _ in range(_SIDE_BY_SIDE)]


def test_killed_after_any_write_of_creation_rollout_or_deletion_it_ends_in_the_same_world(lanes: list[Lane]) -> None:
    story = Story(lanes[0])
    deaths = for_every_write(lanes, story.interrupted)
    assert deaths > 40, "the story has that many writes"


def test_killed_after_any_write_of_a_deletion_that_retains_it_keeps_the_data_together(lanes: list[Lane]) -> None:
    assert for_every_write(lanes, retained) >= 2


def test_deleted_after_any_write_of_its_creation_a_resource_takes_its_data_along(lanes: list[Lane]) -> None:
    assert for_every_write(lanes, given_up) > 40


def test_deleted_after_any_write_of_its_creation_a_resource_keeps_no_data_without_their_password(
    lanes: list[Lane],
) -> None:
    assert for_every_write(lanes, given_up_but_retained) > 40


class Story:
    """Creation, rollout and deletion, and the world as it is after each where nothing happens."""

    def __init__(self, field: Lane) -> None:
        self._worlds: dict[str, Any] = {}
        self._exhausted: set[str] = set()
        assert not self.interrupted(field, _NEVER)
        self._exhausted.clear()

    def interrupted(self, field: Lane, number: int) -> bool:
        """Killed once in each of the three. Says whether there was such a write in any."""
        first = len(field.proxy.seen)
        died = self._part(field, number, "created", lambda: field.create(**STACK))
        assert len(passwords(field, first)) == 1
        if "rolled out" not in self._exhausted:
            died |= self._part(field, number, "rolled out", lambda: field.change(**NEWER))
        died |= field.interrupted(number, lambda: field.api.delete("bitcoincaches", "demo"), field.settle_gone)
        return died

    def _part(self, field: Lane, number: int, name: str, begin: Callable[[], Any]) -> bool:
        died = field.interrupted(number, begin, field.settle)
        found = field.likeness()
        differs = difference(self._worlds.setdefault(name, found), found)
        assert not differs, f"{name}, killed after write {number}: {'; '.join(differs)}"
        if not died:
            self._exhausted.add(name)
        return died


def retained(field: Lane, number: int) -> bool:
    """The last word was Retain, and nobody was there to act on it when the resource was deleted."""
    password = field.api.find("secrets", "demo-postgres-secret")
    field.create(**STACK)
    field.settle()
    found = field.api.get("secrets", "demo-postgres-secret")
    assert password is None or password["data"] == found["data"]

    def begin() -> None:
        field.forked.stop()
        field.change(deletionPolicy="Retain")
        field.api.delete("bitcoincaches", "demo")
        field.forked.start()

    return field.interrupted(number, begin, lambda: field.settle_gone(*kept(field)))


def given_up(field: Lane, number: int) -> bool:
    """Deleted in the midst of its creation, data and all."""
    return deleted_at(field, number, "Delete")


def given_up_but_retained(field: Lane, number: int) -> bool:
    """Deleted in the midst of its creation; what it keeps must serve the next resource of its name."""
    return deleted_at(field, number, "Retain")


def deleted_at(field: Lane, number: int, policy: str) -> bool:
    raise NotImplementedError


def for_every_write(lanes: list[Lane], run: Callable[[Lane, int], bool]) -> int:
    """Tells the story once for each of its writes, side by side. Gives their number."""
    numbers, ends = count(1), Event()

    def tell(field: Lane) -> int:
        told = 0
        try:
            while not ends.is_set() and run(field, next(numbers)):
                told += 1
        finally:
            ends.set()
        return told

    with ThreadPoolExecutor(len(lanes)) as threads:
        return sum(threads.map(tell, lanes))


def kept(field: Lane) -> tuple[str, ...]:
    return (
        f"PersistentVolume {field.volume_name}",
        "PersistentVolumeClaim demo-postgres",
        "Secret demo-postgres-secret",
    )


def passwords(field: Lane, first: int) -> set[str]:
    """All that were written as the database's, from that request on."""
    bodies = [
        json.loads(request.body)
        for request in field.proxy.seen[first:]
        if request.write and request.path.endswith("/demo-postgres-secret")
    ]
    return {json.dumps(body.get("data") or body.get("stringData"), sort_keys=True) for body in bodies}
