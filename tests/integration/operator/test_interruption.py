"""Killed after any of its writes, and started again, the operator brings its story to the same end."""

from __future__ import annotations

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
from support.proxy import passed

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
    assert deaths > 25, "the story has that many writes"


def test_killed_after_any_write_of_a_deletion_that_retains_it_keeps_the_data_together(lanes: list[Lane]) -> None:
    assert for_every_write(lanes, retained) >= 2


def test_deleted_after_any_write_of_its_creation_a_resource_takes_its_data_along(lanes: list[Lane]) -> None:
    assert for_every_write(lanes, given_up) > 25


def test_deleted_after_any_write_of_its_creation_a_resource_keeps_no_data_without_their_password(
    lanes: list[Lane],
) -> None:
    assert for_every_write(lanes, Leftovers().serve) > 25


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
        assert len(field.passwords(first)) == 1
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

    return field.interrupted(number, begin, lambda: field.settle_gone(*may_stay(field)))


def given_up(field: Lane, number: int) -> bool:
    """Deleted in the midst of its creation, data and all."""
    deleted = deleted_at(field, number, "Delete")
    field.settle_gone()
    field.rest()
    return deleted


def deleted_at(field: Lane, number: int, policy: str) -> bool:
    """Creates a resource and deletes it after that write; says whether there was one."""
    deleted = Event()

    def delete() -> None:
        field.api.delete("bitcoincaches", "demo")
        deleted.set()

    field.strike(number, passed, delete)
    field.create(**{**STACK, "deletionPolicy": policy})
    field.until("an end", lambda: deleted.is_set() or field.is_ready(), field.play)
    field.rest()
    field.proxy.meddle()
    if not deleted.is_set():
        field.api.delete("bitcoincaches", "demo")
    return deleted.is_set()


class Leftovers:
    """Deleted in the midst of its creation, data retained: what is left must serve the next resource of its name."""

    def __init__(self) -> None:
        self._tried: set[frozenset[str]] = set()

    def serve(self, field: Lane, number: int) -> bool:
        deleted = deleted_at(field, number, "Retain")
        field.until("the resource is gone", lambda: not field.api.find("bitcoincaches", "demo"), field.collect)
        field.until("the rest follows", lambda: set(field.remains()) <= set(may_stay(field)), field.collect)
        field.rest()
        left = frozenset(item["kind"] for item in field.owned())
        assert "Secret" in left or left.isdisjoint({"PersistentVolume", "PersistentVolumeClaim"})
        if left not in self._tried:
            self._tried.add(left)
            self._take_up(field)
        else:
            clean(field)
        return deleted

    def _take_up(self, field: Lane) -> None:
        before = field.api.find("secrets", "demo-postgres-secret")
        field.create(**STACK)
        field.settle()
        after = field.api.get("secrets", "demo-postgres-secret")
        assert before is None or before["data"] == after["data"]
        field.api.delete("bitcoincaches", "demo")
        field.settle_gone()
        field.rest()


def clean(field: Lane) -> None:
    """Removes what a resource left, as a person would who starts anew."""
    for item in field.owned():
        where = field.system if item["metadata"].get("namespace") == field.system.namespace else field.api
        where.delete(f"{item['kind'].lower()}s", item["metadata"]["name"])
    field.until("nothing is left", lambda: not field.remains(), field.collect)


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


def may_stay(field: Lane) -> tuple[str, ...]:
    """What Retain keeps. The Job is the Job controller's to remove, an hour after its end."""
    return (
        f"Job {field.volume_name}",
        f"PersistentVolume {field.volume_name}",
        "PersistentVolumeClaim demo-postgres",
        f"Pod {field.volume_name}-0",
        "Secret demo-postgres-secret",
    )
