"""What the cache service needs of the world: a store, a cache, a judge and a clock.

The cache's methods are the steps of the cache protocol. Every key has a value and a small record of the writes that
are pending on it and of the lease to fill it:

1. ``announce``, before the store is touched: the values are deleted and the leases revoked, and until the token is
   given back nobody may store a value there.
2. The write itself, in one statement, which passes the token's fence: docs/adr/0013-epochs.md.
3. ``publish``, whose end the client need not wait for: the token is given back. A value is stored only if no other
   write was pending meanwhile; otherwise it stays absent. A write whose outcome is unknown never publishes: its token
   lingers until someone settles it.
4. ``get``: a value that is there is served. An absent one may be filled by the holder of the lease alone, which
   ``lookup`` grants only while no write is pending; whoever holds it reads the store afresh and stores with ``fill``,
   which is refused once the lease was revoked.

All of this is within one epoch, which the judge keeps. ``tests/protocol`` checks the rules exhaustively.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bitcoincache_app.changes import Change, Changed
from bitcoincache_app.epochs import Epoch
from bitcoincache_app.errors import BackendError


class Hit(NamedTuple):
    """A cached value, ready to be sent, and the whole seconds that it has left."""

    value: bytes
    ttl: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to fill ``key``, until it lapses or a write revokes it."""

    key: str
    id: str


@dataclass(frozen=True, slots=True)
class Miss:
    """No value. Without a lease the reader must not store what it reads elsewhere.

    ``awaited``: another reader holds the lease, so a value may come soon. ``lingering``: the ids of tokens that are
    there for longer than any write should take.
    """

    lease: Lease | None
    awaited: bool = False
    lingering: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """An announced write of ``symbols``, good in one epoch. In one without a Redis, ``announced`` is false."""

    id: int
    epoch: Epoch
    symbols: tuple[str, ...]
    announced: bool


@dataclass(frozen=True, slots=True)
class Primed:
    """When priming last ended, and how many coins it left in the cache."""

    primed_at: datetime
    keys: int


@dataclass(frozen=True, slots=True)
class Reads:
    """How many reads the cache answered, and how many it could not."""

    hits: int
    misses: int

    def __add__(self, other: Reads) -> Reads:
        return Reads(self.hits + other.hits, self.misses + other.misses)

    def __sub__(self, other: Reads) -> Reads:
        return Reads(self.hits - other.hits, self.misses - other.misses)


@dataclass(frozen=True, slots=True)
class CacheState:
    """``keys`` counts the coins in the cache; a write or fill under way may count as one more.

    ``reads`` is what all replicas have shared since the cache began.
    """

    keys: int
    primed: Primed | None
    reads: Reads


class Cache(Protocol):
    """Every method raises CacheUnavailableError where the cache does not answer in time, or is not to be believed."""

    async def get(self, key: str) -> Hit | None: ...

    async def lookup(self, key: str) -> Hit | Miss:
        """As ``get``, and takes the lease where there is no value."""

    async def fill(self, lease: Lease, value: bytes | None) -> bool:
        """Store ``value`` and give the lease back; None only gives it back. False where it was lost meanwhile."""

    async def announce(self, symbols: Sequence[str]) -> Token:
        """Make a write of these coins known, for each and for the ranking. Raising, it may have done so or not."""

    async def publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        """Take the announcement back and store the symbols' ``values`` where that is safe; None stores nothing."""

    async def forget(self, key: str, tokens: Sequence[int]) -> None:
        """Remove tokens that are settled from this key."""

    async def evict(self, key: str) -> bool:
        """Remove the value, as the cache itself may at any time, and return whether there was one."""

    def doubt(self) -> None:
        """The store knows another epoch than the cache: have it look."""


class Filler(Protocol):
    """Fills many keys at once, for priming. Every method raises CacheUnavailableError."""

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        """The leases of many keys, whether they have values or not; None where one can't be had now."""

    async def fill_many(self, fills: Sequence[tuple[Lease, bytes | None]]) -> list[bool]: ...

    async def mark_primed(self, primed: Primed) -> None: ...


class Records(Protocol):
    """What the cache keeps about itself. Every method raises CacheUnavailableError."""

    async def add_reads(self, reads: Reads) -> None:
        """Add to what all replicas have counted."""

    async def state(self) -> CacheState: ...


class Lane(Protocol):
    """One connection to the store, for one write at a time."""

    async def connect(self) -> None:
        """Make sure that it can be used now. Raises StoreUnavailableError."""

    async def write(self, token: Token, changes: Sequence[Change]) -> Sequence[Changed | BackendError]:
        """Make these changes, all of the kind and conditions of the first, in one statement that passes the fence.

        For each: what became of it, or why it was not made. Raises EpochPassedError where the fence stopped them,
        OutcomeUnknownError where the store's answer was lost, and any other error only if nothing was changed.
        """


class Store(Protocol):
    """The source of truth. Every method raises StoreUnavailableError where it does not answer in time."""

    async def get(self, symbol: str) -> bytes | None:
        """The JSON of http.Bitcoin."""

    async def get_many(self, symbols: Sequence[str]) -> dict[str, bytes]:
        """Those of these coins that exist: the JSON of http.Bitcoin by symbol."""

    async def symbols_after(self, symbol: str, limit: int) -> list[str]:
        """The next ``limit`` symbols in the store's own order; "" begins."""

    async def ranking(self, limit: int, offset: int) -> bytes:
        """One page, as of one moment: the JSON of http.Ranking."""

    async def rank(self, symbol: str) -> bytes | None:
        """The JSON of http.Rank; None where there is no such coin."""

    async def settle(self, tokens: Sequence[int]) -> None:
        """Return once the writes of these tokens are decided, and will not begin if they haven't."""

    async def ping(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ruling:
    """A renewal's answer: the epoch, whether this replica has a permit, and the beats of the other replicas."""

    epoch: Epoch
    registered: bool
    others: Mapping[str, int]


class Judge(Protocol):
    """Keeps the epoch, and who may serve hits in it. Every method raises StoreUnavailableError.

    What comes too late, because the epoch is another one by now, does nothing.
    """

    async def renew(self) -> Ruling: ...

    async def register(self) -> None:
        """Ask for a permit, which the next renewal gives."""

    async def hand_in(self) -> None: ...

    async def forget(self, replica: str, beat: int) -> None:
        """Take the permit of a replica that has stood still at this beat for longer than one lasts."""

    async def suspend(self, epoch: Epoch) -> None:
        """Trust nobody any more. No permit is renewed from then on."""

    async def clear(self, epoch: Epoch) -> None:
        """All permits have run out since the epoch was suspended."""

    async def open(self, epoch: Epoch) -> None:
        """Let writes go past Redis. Does nothing while there are permits."""

    async def adopt(self, epoch: Epoch, process: str, stamp: str, empty: Callable[[], Awaitable[None]]) -> bool:
        """Trust this process from now on, and return whether that was done: not while there are permits.

        Waits for every write under way, then has ``empty`` empty and stamp it, whose errors it passes on.
        """


class Clock(Protocol):
    """Time, so that tests need not wait for it."""

    def monotonic(self) -> float: ...

    def boottime(self) -> float:
        """Seconds that have passed for everyone, those too in which this machine was asleep."""

    def now(self) -> datetime:
        """In UTC."""

    async def sleep(self, seconds: float) -> None: ...
