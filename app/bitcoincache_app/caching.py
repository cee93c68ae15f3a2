"""What a process needs of the cache, opened together: the connection, whom to trust, and what rests on both."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.judge import open_judge
from bitcoincache_app.pipeline import open_pipeline
from bitcoincache_app.ports import Clock
from bitcoincache_app.postgres import conninfo
from bitcoincache_app.redis_cache import RedisCache, RedisReach
from bitcoincache_app.redis_records import RedisRecords, open_records
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.steps import load_steps
from bitcoincache_app.trust import Trust


@dataclass(frozen=True, slots=True)
class Caching:
    """``cache`` is of use once ``trust`` has come to an epoch, which ``keep_trust`` sees to."""

    trust: Trust
    cache: RedisCache
    records: RedisRecords
    reach: RedisReach

    async def check(self) -> None:
        """Raises CacheUnavailableError where there is no Redis that can be used now."""
        if not self.trust.serves_hits:
            raise CacheUnavailableError("There is no Redis yet that can be used.")

    async def keep_trust(self) -> None:
        """Until it is cancelled. The schema must be up to date."""
        await self.trust.keep(self.reach)


@asynccontextmanager
async def open_caching(settings: Settings, limits: Limits, clock: Clock) -> AsyncIterator[Caching]:
    """Neither Redis nor PostgreSQL need be there yet. At the end the permit is handed in."""
    steps = load_steps(limits)
    me = secrets.token_hex(8)
    host, port, ttl = settings.redis_host, settings.redis_port, settings.cache_ttl
    async with open_judge(conninfo(settings, limits), me, limits.postgres_answer) as judge:
        trust = Trust(judge, clock)
        async with (
            open_pipeline(host, port, steps.all, limits, clock, trust.wake) as pipeline,
            open_records(host, port, ttl, trust, limits) as records,
        ):
            cache = RedisCache(pipeline, trust, steps, ttl, limits)
            yield Caching(trust, cache, records, RedisReach(pipeline, steps))
            await trust.leave()
