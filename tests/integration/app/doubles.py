"""The real adapters, with something happening between two of their steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.ports import Token
from bitcoincache_app.postgres import PostgresStore
from bitcoincache_app.redis_cache import RedisCache

Meanwhile = Callable[[], Awaitable[object]]


class SlowReads(PostgresStore):
    """Something happens between a SELECT and its answer's arrival."""

    def __init__(self, store: PostgresStore, meanwhile: Meanwhile) -> None:
        super().__init__(store._pool, store._limits)
        self._meanwhile = meanwhile

    async def get(self, symbol: str) -> bytes | None:
        coin = await super().get(symbol)
        await self._meanwhile()
        return coin

    async def get_many(self, symbols: Sequence[str]) -> dict[str, bytes]:
        coins = await super().get_many(symbols)
        await self._meanwhile()
        return coins

    async def ranking(self, limit: int, offset: int) -> bytes:
        ranking = await super().ranking(limit, offset)
        await self._meanwhile()
        return ranking


class SlowPublish(RedisCache):
    """Something happens between COMMIT and publishing."""

    def __init__(self, cache: RedisCache, meanwhile: Meanwhile) -> None:
        super().__init__(cache._client, cache._writing, cache._clock, 3600, cache._limits)
        self._meanwhile = meanwhile

    async def publish(self, token: Token, value: bytes | None) -> None:
        await self._meanwhile()
        await super().publish(token, value)


class DeafAtFirst(RedisCache):
    """The first announcements fail."""

    def __init__(self, cache: RedisCache, times: int) -> None:
        super().__init__(cache._client, cache._writing, cache._clock, 3600, cache._limits)
        self._left = times

    async def announce(self, symbol: str) -> Token:
        if self._left:
            self._left -= 1
            raise CacheUnavailableError("Redis does not answer.")
        return await super().announce(symbol)
