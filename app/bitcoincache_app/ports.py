"""What the cache service needs of the world: a store, a cache and a clock.

The cache's methods are the steps of the cache protocol. Every key has a value and a small record of the writes that
are pending on it and of the lease to fill it:

1. ``announce``, before the store is touched: the value is deleted and the lease revoked, and until the token is given
   back, or has lapsed, nobody may store a value.
2. The write itself, in one statement, decided before the token lapses.
3. ``publish``: the token is given back. The value is stored only if no other write was pending meanwhile; otherwise
   it stays absent. A write whose outcome is unknown never publishes: its token lapses.
4. ``lookup``: a value that is there is served. An absent one may be filled by the holder of the lease alone, which is
   granted only while no write is pending; whoever holds it reads the store afresh and stores with ``fill``, which is
   refused once the lease was revoked.

``tests/protocol/cache_model.py`` checks these rules exhaustively. Not done yet: the grace after Redis lost its data
(until then a write announced before such a loss may race a fill after it); writes while Redis is away (they are
refused); and a deadline that PostgreSQL itself checks (a server that stands still for longer than a token's life and
then goes on may still make a write that was given up).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bitcoincache_api.http import Bitcoin


@dataclass(frozen=True, slots=True)
class Hit:
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
    """No value. Without a lease the reader must not store what it reads elsewhere."""

    lease: Lease | None


@dataclass(frozen=True, slots=True)
class Token:
    """One announced write of ``symbol``.

    Its statement must begin before ``begin_by``, in seconds of the monotonic clock: then it is decided in time.
    """

    symbol: str
    id: str
    begin_by: float


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
    """Every method raises CacheUnavailableError where the cache does not answer in time."""

    async def lookup(self, key: str) -> Hit | Miss: ...

    async def fill(self, lease: Lease, value: bytes | None) -> bool:
        """Store ``value`` and give the lease back; None only gives it back. False where it was lost meanwhile."""

    async def announce(self, symbol: str) -> Token:
        """Make a write of this coin known, for the coin and for the ranking. Raising, it may have done so or not."""

    async def publish(self, token: Token, value: bytes | None) -> None:
        """Take the announcement back and store ``value`` where that is safe; None stores nothing."""

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        """The leases of many keys, whether they have values or not; None where one can't be had now."""

    async def fill_many(self, fills: Sequence[tuple[Lease, bytes | None]]) -> list[bool]: ...

    async def mark_primed(self, primed: Primed) -> None: ...

    async def add_reads(self, reads: Reads) -> None:
        """Add to what all replicas have counted."""

    async def state(self) -> CacheState: ...

    async def ping(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a PUT: the coin, and whether it is new."""

    coin: Bitcoin
    created: bool


class Writer(Protocol):
    """One connection, good for one write. Each method is one statement, committed when it returns.

    They raise OutcomeUnknownError where the store's answer was lost, and any other error only if nothing was changed.
    """

    async def create(self, symbol: str, price: int) -> Bitcoin:
        """Raises AlreadyExistsError."""

    async def put(self, symbol: str, price: int) -> Put: ...

    async def update(self, symbol: str, price: int, versions: Collection[int] | None) -> Bitcoin:
        """Change a coin of one of these versions (None: of any). Raises VersionMismatchError."""

    async def delete(self, symbol: str, versions: Collection[int] | None) -> None:
        """Raises NotFoundError, or VersionMismatchError where versions are given."""


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

    def writer(self) -> AbstractAsyncContextManager[Writer]: ...

    async def ping(self) -> None: ...


class Clock(Protocol):
    """Time, so that tests need not wait for it."""

    def monotonic(self) -> float: ...

    def now(self) -> datetime:
        """In UTC."""

    async def sleep(self, seconds: float) -> None: ...
