"""The real adapters, with something happening between two of their steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bitcoincache_app.changes import Change, Changed
from bitcoincache_app.errors import BackendError, CacheUnavailableError, OutcomeUnknownError
from bitcoincache_app.ports import Token
from bitcoincache_app.postgres import PostgresStore, conninfo
from bitcoincache_app.postgres_lane import PostgresLane
from bitcoincache_app.redis_cache import RedisCache
from bitcoincache_app.settings import Settings

from .conftest import LIMITS

Meanwhile = Callable[[], Awaitable[object]]


class SlowReads(PostgresStore):
    """Something happens between a SELECT and its answer's arrival."""

    def __init__(self, store: PostgresStore, meanwhile: Meanwhile) -> None:
        super().__init__(store._pool, store._limits, store._observe)
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


class _Double(RedisCache):
    def __init__(self, cache: RedisCache) -> None:
        super().__init__(cache._pipeline, cache._trust, cache._steps, 3600, LIMITS)


class SlowPublish(_Double):
    """Something happens between COMMIT and publishing."""

    def __init__(self, cache: RedisCache, meanwhile: Meanwhile) -> None:
        super().__init__(cache)
        self._meanwhile = meanwhile

    async def publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        await self._meanwhile()
        await super().publish(token, values)


class SlowAnnounce(_Double):
    """Something happens between announcing and the statement."""

    def __init__(self, cache: RedisCache, meanwhile: Meanwhile) -> None:
        super().__init__(cache)
        self._meanwhile = meanwhile

    async def announce(self, symbols: Sequence[str]) -> Token:
        token = await super().announce(symbols)
        await self._meanwhile()
        return token


class DeafAtFirst(_Double):
    """The first announcements fail."""

    def __init__(self, cache: RedisCache, times: int) -> None:
        super().__init__(cache)
        self._left = times

    async def announce(self, symbols: Sequence[str]) -> Token:
        if self._left:
            self._left -= 1
            raise CacheUnavailableError("Redis does not answer.")
        return await super().announce(symbols)


class LostReply(PostgresLane):
    """A write is made, and its answer lost."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(conninfo(settings, LIMITS), LIMITS)

    async def write(self, token: Token, changes: Sequence[Change]) -> Sequence[Changed | BackendError]:
        await super().write(token, changes)
        raise OutcomeUnknownError("lost")


class NeverBegun(PostgresLane):
    """A statement that doesn't reach PostgreSQL until ``begin`` is called, long after its writer gave it up."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(conninfo(settings, LIMITS), LIMITS)
        self._late: tuple[Token, Sequence[Change]] | None = None

    async def write(self, token: Token, changes: Sequence[Change]) -> Sequence[Changed | BackendError]:
        self._late = token, changes
        raise OutcomeUnknownError("lost")

    async def begin(self) -> Sequence[Changed | BackendError]:
        assert self._late is not None
        return await super().write(*self._late)
