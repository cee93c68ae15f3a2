"""An exhaustive model of the cache protocol within one epoch, for one key.

Visits every interleaving of two writers, the readers, and the faults: crashes, lost replies, commands that arrive late,
a reader that can't reach Redis, an eviction. A reader may also be priming, which reads afresh what is cached. Versions
are numbered in commit order, so a history is linearizable exactly if each read returns a version no older than any that
was returned by a read, or acknowledged by a write, before it began. A Redis that is emptied or replaced ends the epoch:
that is ``epoch_model``'s.

One key is enough. The scripts treat each of their keys alike and by its own record, so a batch, one token over many
keys, is this protocol once for each of them, even where a script stops half-way. So is the ranking: a key that every
write is about. PostgreSQL changes them all in one COMMIT.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from protocol.explore import Search, explore


class Rule(StrEnum):
    """A rule of the protocol. Leaving one out must let a stale read through."""

    ANNOUNCE = "a write announces itself before COMMIT, and drops the value"
    OVERLAP = "a write that another overlapped does not store"
    OVERLAP_LASTS = "the overlap is forgotten only with the last of the tokens"
    REVOKE = "a write revokes leases"
    PENDING = "no lease is granted while a write is pending"
    LEASE = "a fill whose lease was revoked does not store"
    SETTLE_WAITS = "a token is settled once the statement under way is decided"
    SETTLE_BARS = "a write whose token was settled before it began begins no more"
    SETTLED = "a write whose token was removed does not store"


class At(StrEnum):
    IDLE = "idle"
    # writers
    ANNOUNCED = "announced"
    STATEMENT = "statement"  # under way: it holds the token's lock until COMMIT
    COMMITTED = "committed"  # not yet published, and perhaps not yet acknowledged
    LEFT = "left"  # decided, and its writer will do nothing more about it
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
    settled: frozenset[int] = frozenset()  # PostgreSQL: notes of settled tokens
    value: int | None = 0  # Redis: the cached version
    pending: frozenset[int] = frozenset()  # Redis: tokens of writers
    overlap: bool = False  # Redis: two writers were pending at once
    lease: int | None = None  # Redis: the reader that may fill
    seen: int = 0  # newest version returned or acknowledged so far
    evictions: int = 1

    def writer(self, i: int, now: Process) -> State:
        return self._replace(writers=(*self.writers[:i], now, *self.writers[i + 1 :]))

    def reader(self, i: int, now: Process) -> State:
        return self._replace(readers=(*self.readers[:i], now, *self.readers[i + 1 :]))

    def returned(self, i: int, version: int) -> State:
        now = Process(At.RETURNED, version, self.readers[i].floor)
        return self.reader(i, now)._replace(seen=max(self.seen, version))

    def without_token(self, i: int, without: Rule | None) -> State:
        rest = self.pending - {i}
        return self._replace(pending=rest, overlap=self.overlap and bool(rest) and without is not Rule.OVERLAP_LASTS)


def visit(readers: int, *, without: Rule | None = None) -> Search[State]:
    """Looks for a stale read. Two writers; ``without`` leaves one rule out."""
    start = State(writers=(Process(),) * 2, readers=(Process(),) * readers)
    return explore(start, lambda state: _steps(state, without), _is_stale)


def _is_stale(s: State) -> bool:
    return any(p.at is At.RETURNED and p.version < p.floor for p in s.readers)


def _steps(s: State, without: Rule | None) -> Iterator[tuple[str, State]]:
    for i in range(len(s.writers)):
        yield from _writer_steps(s, i, without)
        yield from _settling_steps(s, i, without)
    for i in range(len(s.readers)):
        yield from _reader_steps(s, i, without)
    if s.evictions and s.value is not None:
        yield "value evicted", s._replace(value=None, evictions=s.evictions - 1)


def _writer_steps(s: State, i: int, without: Rule | None) -> Iterator[tuple[str, State]]:
    p = s.writers[i]
    lease = s.lease if without is Rule.REVOKE else None
    if p.at is At.IDLE:
        announced = s.writer(i, Process(At.ANNOUNCED))
        if without is not Rule.ANNOUNCE:
            pending = s.pending | {i}
            announced = announced._replace(value=None, pending=pending, overlap=bool(s.pending), lease=lease)
        yield f"writer {i} announces", announced
    elif p.at is At.ANNOUNCED:
        # Where it crashes instead, this is a step that is never taken.
        if i not in s.settled or without is Rule.SETTLE_BARS:
            yield f"writer {i} begins", s.writer(i, Process(At.STATEMENT))
    elif p.at is At.STATEMENT:
        yield f"writer {i} commits", s.writer(i, Process(At.COMMITTED, s.row + 1))._replace(row=s.row + 1)
        yield f"writer {i} rolls back", s.writer(i, Process(At.LEFT))
    elif p.at is At.COMMITTED:
        told = s._replace(seen=max(s.seen, p.version))
        yield f"writer {i} publishes", _published(told, i, without)._replace(lease=lease)
        if told != s:
            yield f"writer {i} is acknowledged", told  # publishing failed, or arrives late


def _published(s: State, i: int, without: Rule | None) -> State:
    announced = i in s.pending or without in (Rule.ANNOUNCE, Rule.SETTLED)
    alone = announced and not s.pending - {i} and (not s.overlap or without is Rule.OVERLAP)
    version = s.writers[i].version
    left = s.writer(i, Process(At.LEFT, version)).without_token(i, without)
    return left._replace(value=version if alone else None)


def _settling_steps(s: State, i: int, without: Rule | None) -> Iterator[tuple[str, State]]:
    """By any reader, at any time: how long a token has lingered is no matter of safety."""
    if i in s.pending and i not in s.settled and (s.writers[i].at is not At.STATEMENT or without is Rule.SETTLE_WAITS):
        yield f"writer {i} is settled", s._replace(settled=s.settled | {i})
    if i in s.pending and i in s.settled:
        yield f"token {i} is removed", s.without_token(i, without)


def _reader_steps(s: State, i: int, without: Rule | None) -> Iterator[tuple[str, State]]:
    p = s.readers[i]
    if p.at is At.IDLE:
        yield f"reader {i} starts", s.reader(i, Process(At.STARTED, floor=s.seen))
    elif p.at is At.STARTED:
        yield from _lookups(s, i, without)
    elif p.at is At.BYPASS:
        yield f"reader {i} returns the row", s.returned(i, s.row)
    elif p.at is At.LEASED:
        yield f"reader {i} selects", s.reader(i, Process(At.SELECTED, s.row, p.floor))
    elif p.at is At.SELECTED:
        returned = s.returned(i, p.version)
        yield f"reader {i} returns what it selected", returned
        if s.lease == i or without is Rule.LEASE:
            yield f"reader {i} fills", returned._replace(value=p.version, lease=None)
        yield f"reader {i} crashes", s.reader(i, Process(At.CRASHED, floor=p.floor))
    if s.lease == i and p.at is not At.STARTED:
        yield f"the lease of reader {i} lapses", s._replace(lease=None)


def _lookups(s: State, i: int, without: Rule | None) -> Iterator[tuple[str, State]]:
    floor = s.readers[i].floor
    if s.value is not None:
        yield f"reader {i} hits", s.returned(i, s.value)
    if s.lease is None and (not s.pending or without is Rule.PENDING):
        # Also where there is a value: priming.
        yield f"reader {i} gets the lease", s.reader(i, Process(At.LEASED, floor=floor))._replace(lease=i)
    # Refused the lease, or Redis can't be reached from here.
    yield f"reader {i} bypasses", s.reader(i, Process(At.BYPASS, floor=floor))
