"""The cache service: read-through, write-through, ranked and delete, by the protocol that ``ports`` tells."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_api.http import DEFAULT_LIMIT, Bitcoin
from bitcoincache_app.answers import Answer, Layer, Outcome, Read, Written
from bitcoincache_app.encoding import coin_json, coin_tag, ranking_json, ranking_tag
from bitcoincache_app.errors import (
    BackendError,
    CacheUnavailableError,
    NotFoundError,
    OutcomeUnknownError,
    StoreUnavailableError,
    WritesPausedError,
)
from bitcoincache_app.ports import Cache, Clock, Hit, Lease, Store, Token, Writer

WRITE_PATIENCE: Final = 3.0
"""Seconds that a write waits for a Redis that does not answer: a reader has PostgreSQL to turn to, a writer has not."""

_PAUSE: Final = 0.1

_log = logging.getLogger(__name__)
_Body = TypeVar("_Body", bound="bytes | None")
_Result = TypeVar("_Result", bound="Written | None")


@dataclass(frozen=True, slots=True)
class _Found(Generic[_Body]):
    body: bytes | _Body
    outcome: Outcome
    ttl: int | None = None


class CacheService:
    """Coins out of ``cache`` where that is safe, out of ``store`` where it is not.

    Reads raise StoreUnavailableError where both fail them. Writes raise StoreUnavailableError, OutcomeUnknownError,
    or WritesPausedError where the cache can't be told; nothing was changed then, but for OutcomeUnknownError.
    ``outcomes`` counts the reads since the start, ``fills_refused`` the values that were not cached because a write or
    the lease's end came between.
    """

    def __init__(self, store: Store, cache: Cache, clock: Clock) -> None:
        self._store = store
        self._cache = cache
        self._clock = clock
        self.outcomes: Final[Counter[Read]] = Counter()
        self.fills_refused = 0

    async def coin(self, symbol: str) -> Answer:
        """Raises NotFoundError."""

        async def load() -> bytes | None:
            coin = await self._store.get(symbol)
            return coin_json(coin) if coin else None

        found = await self._read(Layer.COIN, coin_key(symbol), load)
        if found.body is None:
            raise NotFoundError(symbol, found.outcome)
        return Answer(found.body, coin_tag(found.body), found.outcome, found.ttl)

    async def ranking(self, limit: int, offset: int) -> Answer:
        """One page. The first page of the default size is cached, and no other."""

        async def load() -> bytes:
            return ranking_json(await self._store.ranking(limit, offset))

        cached = (limit, offset) == (DEFAULT_LIMIT, 0)
        found = await (self._read(Layer.RANKING, RANKING_KEY, load) if cached else self._bypass(Layer.RANKING, load))
        return Answer(found.body, ranking_tag(found.body), found.outcome, found.ttl)

    async def create(self, symbol: str, price: int) -> Written:
        """Raises AlreadyExistsError."""

        async def statement(writer: Writer) -> Written:
            return _written(await writer.create(symbol, price), created=True)

        return await self._write(symbol, statement)

    async def put(self, symbol: str, price: int) -> Written:
        async def statement(writer: Writer) -> Written:
            put = await writer.put(symbol, price)
            return _written(put.coin, created=put.created)

        return await self._write(symbol, statement)

    async def update(self, symbol: str, price: int, versions: Collection[int] | None) -> Written:
        """Change a coin that is of one of these versions (None: of any). Raises VersionMismatchError."""

        async def statement(writer: Writer) -> Written:
            return _written(await writer.update(symbol, price, versions), created=False)

        return await self._write(symbol, statement)

    async def delete(self, symbol: str, versions: Collection[int] | None) -> None:
        """Raises NotFoundError, or VersionMismatchError where versions are given."""

        async def statement(writer: Writer) -> None:
            await writer.delete(symbol, versions)

        await self._write(symbol, statement)

    async def _read(self, layer: Layer, key: str, load: Callable[[], Awaitable[_Body]]) -> _Found[_Body]:
        try:
            found = await self._cache.lookup(key)
        except CacheUnavailableError:
            return await self._bypass(layer, load)
        if isinstance(found, Hit):
            return self._count(layer, _Found(found.value, Outcome.HIT, found.ttl))
        try:
            body = await load()
        except BackendError:
            if found.lease is not None:
                await self._fill(found.lease, None)
            raise
        stored = found.lease is not None and await self._fill(found.lease, body)
        return self._count(layer, _Found(body, Outcome.STORED if stored else Outcome.MISS))

    async def _bypass(self, layer: Layer, load: Callable[[], Awaitable[_Body]]) -> _Found[_Body]:
        return self._count(layer, _Found(await load(), Outcome.BYPASS))

    async def _fill(self, lease: Lease, body: bytes | None) -> bool:
        try:
            stored = await self._cache.fill(lease, body)
        except CacheUnavailableError:
            return False
        self.fills_refused += not stored
        return stored and body is not None

    async def _write(self, symbol: str, statement: Callable[[Writer], Awaitable[_Result]]) -> _Result:
        give_up = self._clock.monotonic() + WRITE_PATIENCE
        while True:
            try:
                return await self._try_write(symbol, statement)
            except WritesPausedError:
                if self._clock.monotonic() >= give_up:
                    raise
            # Without a connection to the store meanwhile: the reads that Redis doesn't answer need them.
            await self._clock.sleep(_PAUSE)

    async def _try_write(self, symbol: str, statement: Callable[[Writer], Awaitable[_Result]]) -> _Result:
        # The connection comes first: waiting for one must not use up the token's life.
        async with self._store.writer() as writer:
            token = await self._announce(symbol)
            try:
                self._check_in_time(token)
                result = await statement(writer)
            except OutcomeUnknownError:
                raise  # the token stays until it lapses: till then the write may yet be made
            except BackendError:
                await self._publish(token, None)
                raise
        await self._publish(token, result.body if isinstance(result, Written) else None)
        return result

    async def _announce(self, symbol: str) -> Token:
        try:
            return await self._cache.announce(symbol)
        except CacheUnavailableError as error:
            raise WritesPausedError("Writes are paused while Redis does not answer; nothing was changed.") from error

    def _check_in_time(self, token: Token) -> None:
        if self._clock.monotonic() > token.begin_by:
            raise StoreUnavailableError("The write was held up for too long; nothing was changed.")

    async def _publish(self, token: Token, value: bytes | None) -> None:
        try:
            await self._cache.publish(token, value)
        except CacheUnavailableError:
            # The write stands, and the token keeps readers on the store until it lapses.
            _log.warning("a write could not be published", extra={"symbol": token.symbol})

    def _count(self, layer: Layer, found: _Found[_Body]) -> _Found[_Body]:
        self.outcomes[layer, found.outcome] += 1
        return found


def _written(coin: Bitcoin, *, created: bool) -> Written:
    body = coin_json(coin)
    return Written(body, coin_tag(body), created)
