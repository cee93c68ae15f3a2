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

Step = tuple[str, "State"]


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


class Writer(NamedTuple):
    at: At = At.IDLE
    version: int = -1  # what it committed
    token: bool = False  # Redis: its write is pending
    settled: bool = False  # PostgreSQL: the note that its token is settled


class Reader(NamedTuple):
    at: At = At.IDLE
    version: int = -1  # what it selected, or returned
    floor: int = 0  # the newest version anyone had seen when its read began
    lease: bool = False  # Redis: it may fill


class State(NamedTuple):
    writers: tuple[Writer, ...]
    readers: tuple[Reader, ...]
    row: int = 0  # PostgreSQL: the newest committed version
    value: int | None = 0  # Redis: the cached version
    overlap: bool = False  # Redis: two writers were pending at once
    seen: int = 0  # newest version returned or acknowledged so far
    evictions: int = 1

    @property
    def is_pending(self) -> bool:
        return any(writer.token for writer in self.writers)

    def writer(self, i: int, now: Writer) -> State:
        return self._replace(writers=(*self.writers[:i], now, *self.writers[i + 1 :]))

    def reader(self, i: int, now: Reader) -> State:
        return self._replace(readers=(*self.readers[:i], now, *self.readers[i + 1 :]))

    def returned(self, i: int, version: int) -> State:
        now = self.readers[i]._replace(at=At.RETURNED, version=version)
        return self.reader(i, now)._replace(seen=max(self.seen, version))

    def unleased(self) -> State:
        return self._replace(readers=tuple(reader._replace(lease=False) for reader in self.readers))

    def without_token(self, i: int, without: Rule | None) -> State:
        rest = self.writer(i, self.writers[i]._replace(token=False))
        return rest._replace(overlap=self.overlap and rest.is_pending and without is not Rule.OVERLAP_LASTS)


def visit(readers: int, *, without: Rule | None = None) -> Search[State]:
    """Looks for a stale read. Two writers; ``without`` leaves one rule out."""
    start = State(writers=(Writer(),) * 2, readers=(Reader(),) * readers)
    return explore(start, lambda state: _steps_in_order(state, without), _is_stale)


def _is_stale(s: State) -> bool:
    return any(reader.at is At.RETURNED and reader.version < reader.floor for reader in s.readers)


def _steps_in_order(s: State, without: Rule | None) -> Iterator[Step]:
    """Of states in which writers, or readers, have changed places, one stands for all."""
    for step, following in _steps(s, without):
        yield step, State(tuple(sorted(following.writers)), tuple(sorted(following.readers)), *following[2:])


def _steps(s: State, without: Rule | None) -> Iterator[Step]:
    for i in range(len(s.writers)):
        yield from _writer_steps(s, i, without)
        yield from _settling_steps(s, i, without)
    for i in range(len(s.readers)):
        yield from _reader_steps(s, i, without)
    if s.evictions and s.value is not None:
        yield "value evicted", s._replace(value=None, evictions=s.evictions - 1)


def _writer_steps(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    writer = s.writers[i]
    if writer.at is At.IDLE:
        yield f"writer {i} announces", _announced(s, i, without)
    elif writer.at is At.ANNOUNCED:
        # Where it crashes instead, this is a step that is never taken.
        if not writer.settled or without is Rule.SETTLE_BARS:
            yield f"writer {i} begins", s.writer(i, writer._replace(at=At.STATEMENT))
    elif writer.at is At.STATEMENT:
        row = s.row + 1
        yield f"writer {i} commits", s.writer(i, writer._replace(at=At.COMMITTED, version=row))._replace(row=row)
        yield f"writer {i} rolls back", s.writer(i, writer._replace(at=At.LEFT))
    elif writer.at is At.COMMITTED:
        told = s._replace(seen=max(s.seen, writer.version))
        yield f"writer {i} publishes", _published(told, i, without)
        # Publishing failed, or arrives late.
        yield f"writer {i} is acknowledged", told


def _announced(s: State, i: int, without: Rule | None) -> State:
    if without is Rule.ANNOUNCE:
        return s.writer(i, Writer(At.ANNOUNCED))
    announced = s.writer(i, Writer(At.ANNOUNCED, token=True))._replace(value=None, overlap=s.is_pending)
    return announced if without is Rule.REVOKE else announced.unleased()


def _published(s: State, i: int, without: Rule | None) -> State:
    writer = s.writers[i]
    rest = s.writer(i, writer._replace(at=At.LEFT)).without_token(i, without)
    counts = writer.token or without in (Rule.ANNOUNCE, Rule.SETTLED)
    alone = counts and not rest.is_pending and (not s.overlap or without is Rule.OVERLAP)
    published = rest._replace(value=writer.version if alone else None)
    return published if without is Rule.REVOKE else published.unleased()


def _settling_steps(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    """By any reader, at any time: how long a token has lingered is no matter of safety.

    A writer that takes the token of a write back that was rolled back does no more than this.
    """
    writer = s.writers[i]
    if writer.token and writer.settled:
        yield f"the token of writer {i} is removed", s.without_token(i, without)
    elif writer.token and (writer.at is not At.STATEMENT or without is Rule.SETTLE_WAITS):
        yield f"writer {i} is settled", s.writer(i, writer._replace(settled=True))


def _reader_steps(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    reader = s.readers[i]
    if reader.at is At.IDLE:
        yield f"reader {i} starts", s.reader(i, Reader(At.STARTED, floor=s.seen))
    elif reader.at is At.STARTED:
        yield from _lookups(s, i, without)
    elif reader.at is At.BYPASS:
        yield f"reader {i} returns the row", s.returned(i, s.row)
    elif reader.at is At.LEASED:
        yield f"reader {i} selects", s.reader(i, reader._replace(at=At.SELECTED, version=s.row))
    elif reader.at is At.SELECTED:
        returned = s.returned(i, reader.version)
        yield f"reader {i} returns what it selected", returned
        if reader.lease or without is Rule.LEASE:
            yield f"reader {i} fills", returned.unleased()._replace(value=reader.version)
        yield f"reader {i} crashes", s.reader(i, reader._replace(at=At.CRASHED))
    if reader.lease:
        yield f"the lease of reader {i} lapses", s.unleased()


def _lookups(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    reader = s.readers[i]
    if s.value is not None:
        yield f"reader {i} hits", s.returned(i, s.value)
    if not any(other.lease for other in s.readers) and (not s.is_pending or without is Rule.PENDING):
        # Also where there is a value: priming.
        yield f"reader {i} gets the lease", s.reader(i, reader._replace(at=At.LEASED, lease=True))
    # Refused the lease, or Redis can't be reached from here.
    yield f"reader {i} bypasses", s.reader(i, reader._replace(at=At.BYPASS))
