"""The cache service: read-through, write-through, ranked and delete, by the protocol that ``ports`` tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_api.http import DEFAULT_LIMIT
from bitcoincache_app.answers import Answer, Layer, Outcome, Read, Written
from bitcoincache_app.changes import Change, Create, Delete, Put, Update
from bitcoincache_app.encoding import coin_tag, digest, ranking_tag
from bitcoincache_app.errors import BackendError, CacheUnavailableError, NotFoundError, UnavailableError
from bitcoincache_app.flights import Flights
from bitcoincache_app.patience import keep
from bitcoincache_app.ports import Cache, Clock, Hit, Lease, Miss, Store
from bitcoincache_app.writes import Writes

AWAIT: Final = 0.25
"""Seconds that a reader waits for another replica's to fill, before it asks the store itself."""

_PAUSE: Final = 0.005

_Load = Callable[[], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class _Found:
    body: bytes | None
    outcome: Outcome
    ttl: int | None = None


class CacheService:
    """Coins out of ``cache`` where that is safe, out of ``store`` where it is not.

    Reads raise StoreUnavailableError where both fail them. Writes raise StoreUnavailableError, OutcomeUnknownError,
    or WritesPausedError where the cache can't be told; nothing was changed then, but for OutcomeUnknownError.
    ``outcomes`` counts the reads since the start, ``fills_refused`` the values that were not cached because a write or
    the lease's end came between.
    """

    def __init__(self, store: Store, cache: Cache, writes: Writes, clock: Clock) -> None:
        self._store = store
        self._cache = cache
        self._writes = writes
        self._clock = clock
        self._flights: Flights[_Found] = Flights()
        self._settling: set[int] = set()
        self.outcomes: Final[Counter[Read]] = Counter()
        self.fills_refused = 0

    async def coin(self, symbol: str) -> Answer:
        """Raises NotFoundError."""
        return await self._peek(coin_key(symbol), Layer.COIN) or await self.missed_coin(symbol)

    async def missed_coin(self, symbol: str) -> Answer:
        """As ``coin``, where there was just no value. Raises NotFoundError."""
        found = await self._share(Layer.COIN, coin_key(symbol), lambda: self._store.get(symbol))
        if found.body is None:
            raise NotFoundError(symbol, found.outcome)
        return Answer(found.body, coin_tag(found.body), found.outcome, found.ttl)

    async def ranking(self, limit: int, offset: int) -> Answer:
        """One page. The first page of the default size is cached, and no other."""
        if (limit, offset) == (DEFAULT_LIMIT, 0):
            return await self._peek(RANKING_KEY, Layer.RANKING) or await self.missed_ranking()

        def load() -> Awaitable[bytes]:
            return self._store.ranking(limit, offset)

        return _ranking(self._count(Layer.RANKING, await self._flights.share((limit, offset), lambda: _bypass(load))))

    async def missed_ranking(self) -> Answer:
        """As ``ranking`` gives the first page, where there was just no value."""
        return _ranking(await self._share(Layer.RANKING, RANKING_KEY, lambda: self._store.ranking(DEFAULT_LIMIT, 0)))

    async def rank(self, symbol: str) -> Answer:
        """The place of one coin, never cached. Raises NotFoundError."""

        async def load() -> bytes | None:
            return await self._store.rank(symbol)

        found = self._count(Layer.RANKING, await self._flights.share(("rank", symbol), lambda: _bypass(load)))
        if found.body is None:
            raise NotFoundError(symbol, found.outcome)
        return Answer(found.body, digest(found.body), found.outcome)

    async def create(self, symbol: str, price: int) -> Written:
        """Raises AlreadyExistsError."""
        return await self._write(Create(symbol, price))

    async def put(self, symbol: str, price: int) -> Written:
        return await self._write(Put(symbol, price))

    async def update(self, symbol: str, price: int, versions: Collection[int] | None) -> Written:
        """Change a coin that is of one of these versions (None: of any). Raises VersionMismatchError."""
        return await self._write(Update(symbol, price, None if versions is None else tuple(versions)))

    async def delete(self, symbol: str, versions: Collection[int] | None) -> None:
        """Raises NotFoundError, or VersionMismatchError where versions are given."""
        await self._writes.write(Delete(symbol, None if versions is None else tuple(versions)))

    async def evict(self, symbol: str) -> bool:
        """Take a coin's value out of the cache, where there is one: the next read misses it, and nothing else changes.

        Raises CacheUnavailableError.
        """
        return await self._cache.evict(coin_key(symbol))

    async def _write(self, change: Change) -> Written:
        done = await self._writes.write(change)
        body = done.body or b""
        return Written(body, coin_tag(body), done.created)

    async def _peek(self, key: str, layer: Layer) -> Answer | None:
        try:
            hit = await self._cache.get(key)
        except CacheUnavailableError:
            return None
        if hit is None:
            return None
        self.outcomes[layer, Outcome.HIT] += 1
        tag = coin_tag(hit.value) if layer is Layer.COIN else ranking_tag(hit.value)
        return Answer(hit.value, tag, Outcome.HIT, hit.ttl)

    async def _share(self, layer: Layer, key: str, load: _Load) -> _Found:
        return self._count(layer, await self._flights.share(key, lambda: self._fetch(key, load)))

    async def _fetch(self, key: str, load: _Load) -> _Found:
        """From the cache if another filled it meanwhile; else from the store, and into the cache where that is safe."""
        try:
            found = await self._look_up(key)
        except CacheUnavailableError:
            return await _bypass(load)
        if isinstance(found, Hit):
            return _Found(found.value, Outcome.HIT, found.ttl)
        if found.lease is None:
            return _Found(await load(), Outcome.MISS)
        try:
            body = await load()
        except BackendError:
            await self._fill(found.lease, None)
            raise
        stored = await self._fill(found.lease, body)
        return _Found(body, Outcome.STORED if stored else Outcome.MISS)

    async def _look_up(self, key: str) -> Hit | Miss:
        give_up = self._clock.monotonic() + AWAIT
        while True:
            found = await self._cache.lookup(key)
            if isinstance(found, Miss) and found.lingering:
                self._settle(key, found.lingering)
            if isinstance(found, Hit) or not found.awaited or self._clock.monotonic() >= give_up:
                return found
            await self._clock.sleep(_PAUSE)

    async def _fill(self, lease: Lease, body: bytes | None) -> bool:
        try:
            stored = await self._cache.fill(lease, body)
        except CacheUnavailableError:
            return False
        self.fills_refused += not stored
        return stored and body is not None

    def _settle(self, key: str, tokens: Sequence[int]) -> None:
        news = [token for token in tokens if token not in self._settling]
        if news:
            self._settling.update(news)
            keep(self._settled(key, news))

    async def _settled(self, key: str, tokens: Sequence[int]) -> None:
        try:
            await self._store.settle(tokens)
            await self._cache.forget(key, tokens)
        except UnavailableError:
            pass  # the next reader tries again
        finally:
            self._settling.difference_update(tokens)

    def _count(self, layer: Layer, found: _Found) -> _Found:
        self.outcomes[layer, found.outcome] += 1
        return found


def _ranking(found: _Found) -> Answer:
    body = found.body or b""
    return Answer(body, ranking_tag(body), found.outcome, found.ttl)


async def _bypass(load: _Load) -> _Found:
    return _Found(await load(), Outcome.BYPASS)
