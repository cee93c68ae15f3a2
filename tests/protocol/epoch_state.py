"""What the model of epochs is made of: PostgreSQL, two Redis processes, and two replicas.

Each replica has one read and one write under way at a time, of one key, but any number of them in turn. To be finite
and small, the model takes these for the same, or for worse, which finds no fewer stale reads:

- A write counts as acknowledged from its COMMIT on. So a value is either *fresh*, the newest committed, or *old*.
- A read begins as Redis answers it: an earlier beginning asks for less. Only a read that was given an old value counts.
- A holder of a lease has read the row at once: a later row is no older. Which reader it is doesn't matter.
- A connection leads to any process at any step; but only what goes to the process that the replica believes to be
  trusted counts, so what others hold, be it a copy of everything with its stamp, is of no consequence.
- A token that is settled before its write begins is a write that is given up. What notes of settled tokens do is
  ``cache_model``'s; they may go with their epoch, for no write of it passes the fence any more.
- A row that is removed at the very beat at which it stood still is removed in one step with finding that out.
- A process that nobody knows of any more is as good as a new one, with old data. A process that died, or a replica
  that stands still or was killed, takes no more steps.
- Replicas are alike: states that differ in which is which are one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

NONE: Final = -1
"""No epoch, no process, no stamp: a number, so that replicas can be put in order."""

Step = tuple[str, "State"]


class Rule(StrEnum):
    """A rule of the protocol. Leaving one out must let a stale read through."""

    # hits
    TRUSTED_HIT = "a hit is served from the trusted process alone"
    PERMIT = "a hit needs a permit that is good when the reply has come, not only when Redis was asked"
    SAME_EPOCH = "a hit is of the epoch in which Redis was asked"
    # permits
    REGISTERED = "a renewal asks for the epoch only once the replica's row is committed"
    GIVEN_UP = "a replica gives its permit up before it hands it in"
    ASKED = "a permit is not handed in while a renewal is under way that may still give one"
    BEAT = "the row of a replica that stood still is removed only at that very beat, which never comes again"
    CLEAR_WAITS = "rows are cleared once all permits have run out"
    CLEAR_LOCKS = "the epoch can't change while its rows are cleared"
    OPEN_WAITS = "writes are opened once no rows are left"
    ADOPT_WAITS = "a process is adopted once no rows are left"
    # writes
    ANNOUNCED_THERE = "a write is announced to the trusted process"
    FENCE_EPOCH = "a write begins in the epoch that it was made for"
    FENCE_OPEN = "a write begins only while writes are open"
    FENCE_LOCKS = "a write looks at the epoch once it shares the lock"
    # adoption
    EXCLUSIVE = "adopting a process waits for the writes under way, and lets none begin"
    EMPTIES = "a process is emptied as it is adopted"
    # stamps
    NEW_STAMP = "every attempt to adopt has a stamp of its own"
    STAMP_LEASE = "no lease is granted by a process without the stamp"
    STAMP_ANNOUNCE = "no announcement is taken by a process without the stamp"


class Value(StrEnum):
    ABSENT = "absent"
    FRESH = "fresh"
    OLD = "old"


class Read(StrEnum):
    NOTHING = "nothing"
    ASKED = "asked"  # of interest only where nothing but this needs a permit
    OLD = "old"  # Redis gave an old value; it has not been judged yet
    STALE = "stale"  # it was served


class Write(StrEnum):
    IDLE = "idle"
    ANNOUNCED = "announced"
    PASSED = "passed"  # the fence, without sharing the lock yet
    STATEMENT = "statement"  # shares the lock until COMMIT
    # decided; the token may be there still
    FAILED = "failed"
    NEWEST = "newest"
    OUTDATED = "outdated"  # committed, as was another since


DECIDED: Final = frozenset({Write.FAILED, Write.NEWEST, Write.OUTDATED})


class Replica(NamedTuple):
    row: bool = False  # in cache_permits
    doomed: bool = False  # another replica is about to remove the row, come what may
    renewal: int = NONE  # the epoch that its renewal under way has read
    known: int = 0  # the epoch as of its last renewal
    permit: bool = False  # by its own clock
    read: Read = Read.NOTHING
    write: Write = Write.IDLE
    claimed: int = NONE  # the epoch that its write was announced in
    token: int = NONE  # the process that has its write's token


class Redis(NamedTuple):
    stamp: int = NONE  # the number of its epoch
    value: Value = Value.ABSENT
    lease: Value = Value.ABSENT  # what its holder has read
    overlap: bool = False


STRANGER: Final = Redis(value=Value.OLD)
"""A process with the data of some other time."""


class State(NamedTuple):
    replicas: tuple[Replica, ...]
    processes: tuple[Redis, ...]
    epochs: tuple[int, ...] = (NONE,)  # the process that each trusted, or none; the last is the current one
    open: bool = True
    adopting: int = NONE  # the process that is emptied already, under the exclusive lock, before COMMIT
    emptied: int = 1  # how often a process may yet be emptied behind everyone's back
    suspended: int = 1  # how often an epoch may yet be suspended, rightly or wrongly

    @property
    def current(self) -> int:
        return len(self.epochs) - 1

    @property
    def trusted(self) -> int:
        return self.epochs[-1]

    @property
    def has_rows(self) -> bool:
        return any(r.row for r in self.replicas)

    def replica(self, i: int, now: Replica) -> State:
        return State((*self.replicas[:i], now, *self.replicas[i + 1 :]), *self[1:])

    def redis(self, p: int, now: Redis) -> State:
        return self._replace(processes=(*self.processes[:p], now, *self.processes[p + 1 :]))

    def replaced(self, p: int, now: Redis) -> State:
        """The process has lost everything, tokens too."""
        replicas = tuple(without_token(r) if r.token == p else r for r in self.replicas)
        return self.redis(p, now)._replace(replicas=replicas)


def without_token(r: Replica) -> Replica:
    """A write that is decided is over with its token."""
    return r._replace(token=NONE, write=Write.IDLE if r.write in DECIDED else r.write)


def without_unknown(s: State) -> State:
    """What nobody knows of any more need not be told apart."""
    known = {s.current}
    for r in s.replicas:
        known |= {r.known, r.renewal}
    epochs = tuple([p if number in known else NONE for number, p in enumerate(s.epochs)])
    if epochs != s.epochs:
        s = s._replace(epochs=epochs)
    for p, redis in enumerate(s.processes):
        if redis != STRANGER and p not in epochs and p != s.adopting:
            s = s.replaced(p, STRANGER)
    return s


def in_order(s: State) -> State:
    """Of states in which replicas have changed places, the one that stands for all."""
    return State(tuple(sorted(s.replicas)), *s[1:])
