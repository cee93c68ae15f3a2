"""An exhaustive model of the cache protocol, for one key.

Visits every interleaving of two writers, the readers, and the faults: crashes, lost replies, a reader that can't reach
Redis, an eviction, and a Redis that loses all its data. A reader may also be priming, which reads afresh what is
cached. Versions are numbered in commit order, so a history is linearizable exactly if each read returns a version no
older than any that was returned by a read, or acknowledged by a write, before it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    """A rule of the protocol. Leaving one out must let a stale read through."""

    ANNOUNCE = "a write announces itself before COMMIT, and drops the value"
    OVERLAP = "a write that another overlapped does not store"
    REVOKE = "a write revokes leases"
    PENDING = "no lease is granted while a write is pending"
    LEASE = "a fill whose lease was revoked does not store"
    UNKNOWN = "a write whose outcome is unknown keeps its token"
    GRACE = "after losing its data, Redis stores nothing for a token's life"


class At(StrEnum):
    IDLE = "idle"
    # writers
    ANNOUNCED = "announced"
    UNKNOWN = "unknown"  # the reply to COMMIT is lost; PostgreSQL may still commit
    COMMITTED = "committed"
    DONE = "done"
    LEFT = "left"  # its token is still there, and nothing more will be done about it
    # readers
    STARTED = "started"
    BYPASS = "bypass"
    LEASED = "leased"
    SELECTED = "selected"
    RETURNED = "returned"
    CRASHED = "crashed"


class Process(NamedTuple):
    at: At = At.IDLE
    version: int = -1  # what a writer committed, what a reader selected
    floor: int = 0  # of a reader: the newest version anyone had seen when its read began


class State(NamedTuple):
    writers: tuple[Process, ...]
    readers: tuple[Process, ...]
    row: int = 0  # PostgreSQL: the newest committed version
    value: int | None = 0  # Redis: the cached version
    pending: frozenset[int] = frozenset()  # Redis: tokens of writers
    overlap: bool = False  # Redis: two writers were pending at once
    lease: int | None = None  # Redis: the reader that may fill
    lost: frozenset[int] = frozenset()  # writers whose tokens Redis lost with all its data
    seen: int = 0  # newest version returned or acknowledged so far
    evictions: int = 1
    losses: int = 1

    def writer(self, i: int, now: Process) -> State:
        return self._replace(writers=(*self.writers[:i], now, *self.writers[i + 1 :]))

    def reader(self, i: int, now: Process) -> State:
        return self._replace(readers=(*self.readers[:i], now, *self.readers[i + 1 :]))

    def without_token(self, i: int) -> State:
        rest = self.pending - {i}
        return self._replace(pending=rest, overlap=self.overlap and bool(rest))


def visit(readers: int, *, without: Rule | None = None) -> bool:
    """Whether any state that can be reached holds a stale read. Two writers; ``without`` leaves one rule out."""
    start = State(writers=(Process(),) * 2, readers=(Process(),) * readers)
    visited, frontier = {start}, [start]
    while frontier:
        for following in _steps(frontier.pop(), without):
            if following not in visited:
                if any(p.at is At.RETURNED and p.version < p.floor for p in following.readers):
                    return True
                visited.add(following)
                frontier.append(following)
    return False


def _steps(s: State, without: Rule | None) -> Iterator[State]:
    undecided = any(s.writers[i].at in (At.ANNOUNCED, At.UNKNOWN) for i in s.lost)
    grace = undecided and without is not Rule.GRACE
    for i in range(len(s.writers)):
        yield from _writer_steps(s, i, without, grace=grace)
    for i in range(len(s.readers)):
        yield from _reader_steps(s, i, without, grace=grace)
    if s.losses:
        lost = s.lost | s.pending
        emptied = s._replace(value=None, pending=frozenset(), overlap=False, lease=None, lost=lost)
        yield emptied._replace(losses=s.losses - 1)
    if s.evictions and s.value is not None:
        yield s._replace(value=None, evictions=s.evictions - 1)


def _writer_steps(s: State, i: int, without: Rule | None, *, grace: bool) -> Iterator[State]:
    p = s.writers[i]
    lease = s.lease if without is Rule.REVOKE else None
    if p.at is At.IDLE:
        announced = s.writer(i, Process(At.ANNOUNCED))
        if without is not Rule.ANNOUNCE:
            overlap = s.overlap or bool(s.pending) or grace
            announced = announced._replace(value=None, pending=s.pending | {i}, overlap=overlap, lease=lease)
        yield announced
    elif p.at is At.ANNOUNCED:
        yield s.writer(i, Process(At.COMMITTED, s.row + 1))._replace(row=s.row + 1)
        yield s.writer(i, Process(At.LEFT))  # it crashed, and never commits
        yield s.writer(i, Process(At.UNKNOWN))
    elif p.at is At.UNKNOWN:
        yield s.writer(i, Process(At.LEFT, s.row + 1))._replace(row=s.row + 1)
        yield s.writer(i, Process(At.LEFT))
        if without is Rule.UNKNOWN and i in s.pending:
            yield s.without_token(i)
    elif p.at is At.COMMITTED:
        seen = max(s.seen, p.version)
        alone = s.pending == {i} and (not s.overlap or without is Rule.OVERLAP)
        published = s.writer(i, Process(At.DONE, p.version)).without_token(i)
        yield published._replace(value=p.version if alone else None, lease=lease, seen=seen)
        yield s.writer(i, Process(At.LEFT, p.version))._replace(seen=seen)  # not published, acknowledged all the same
    elif p.at is At.LEFT and i in s.pending:
        yield s.without_token(i)  # the deadline: by then the statement's timeout has decided the commit


def _reader_steps(s: State, i: int, without: Rule | None, *, grace: bool) -> Iterator[State]:
    p = s.readers[i]
    if p.at is At.IDLE:
        yield s.reader(i, Process(At.STARTED, floor=s.seen))
    elif p.at is At.STARTED:
        yield from _lookups(s, i, without, grace=grace)
    elif p.at is At.BYPASS:
        yield s.reader(i, Process(At.RETURNED, s.row, p.floor))._replace(seen=max(s.seen, s.row))
    elif p.at is At.LEASED:
        yield s.reader(i, Process(At.SELECTED, s.row, p.floor))
    elif p.at is At.SELECTED:
        returned = s.reader(i, Process(At.RETURNED, p.version, p.floor))._replace(seen=max(s.seen, p.version))
        yield returned
        if s.lease == i or without is Rule.LEASE:
            yield returned._replace(value=p.version, lease=None)
        yield s.reader(i, Process(At.CRASHED, floor=p.floor))
    if s.lease == i and p.at is not At.STARTED:
        yield s._replace(lease=None)  # the lease's own deadline


def _lookups(s: State, i: int, without: Rule | None, *, grace: bool) -> Iterator[State]:
    floor = s.readers[i].floor
    if s.value is not None:
        yield s.reader(i, Process(At.RETURNED, s.value, floor))._replace(seen=max(s.seen, s.value))
    if s.lease is None and not grace and (not s.pending or without is Rule.PENDING):
        yield s.reader(i, Process(At.LEASED, floor=floor))._replace(lease=i)  # also where there is a value: priming
    yield s.reader(i, Process(At.BYPASS, floor=floor))  # refused the lease, or Redis can't be reached from here
