"""The backend on real servers, as an application and as its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
import redis
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bitcoincache_app.caching import Caching, open_caching
from bitcoincache_app.changes import Change, Changed
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.hot_path import make_handler
from bitcoincache_app.main import create_app
from bitcoincache_app.migrate import migrate
from bitcoincache_app.ports import Cache, Clock, Store
from bitcoincache_app.postgres import PostgresStore, conninfo, open_store
from bitcoincache_app.postgres_lane import PostgresLane
from bitcoincache_app.redis_cache import RedisCache
from bitcoincache_app.server import LimitedRunner
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.startup import until_available
from bitcoincache_app.writes import Writes
from support.servers import PostgresServer, RedisServer
from support.waiting import eventually

LIMITS = Limits(redis=5.0, redis_write=5.0, redis_records=5.0, postgres_statement=1.0)
"""Patient with Redis: these tests share a machine with others, and a slow answer is no fault to test for here."""

Client = TestClient[web.Request, web.Application]


class PublishedWrites(Writes):
    """Its writes return once they are published: tests look at Redis right after."""

    async def write(self, change: Change) -> Changed:
        try:
            return await super().write(change)
        finally:
            await self.published()


@dataclass(frozen=True)
class Parts:
    """Of one process. ``working`` ends with the test."""

    settings: Settings
    store: PostgresStore
    caching: Caching
    clock: SystemClock
    working: list[asyncio.Task[None]] = field(default_factory=list)
    lanes: list[PostgresLane] = field(default_factory=list)

    @property
    def cache(self) -> RedisCache:
        return self.caching.cache

    @property
    def service(self) -> CacheService:
        """Another replica on the same servers, which shares this one's permit."""
        return self.replica(self.store, self.cache)

    def replica(
        self, store: Store, cache: Cache, lane: PostgresLane | None = None, clock: Clock | None = None
    ) -> CacheService:
        """One of these parts, some of which may be doubles."""
        writes = PublishedWrites(cache, clock or self.clock)
        lane = lane or PostgresLane(conninfo(self.settings, LIMITS), LIMITS)
        self.lanes.append(lane)
        self.working.append(asyncio.create_task(writes.carry_out(lane)))
        return CacheService(store, cache, writes, clock or self.clock)


class _Server(TestServer):
    """Runs the application as the process does."""

    async def _make_runner(self, **options: Any) -> LimitedRunner:
        return LimitedRunner(self.app, make_handler, **options)


@asynccontextmanager
async def served(settings: Settings, limits: Limits) -> AsyncIterator[Client]:
    """A client of the backend, once that is ready."""
    async with TestClient(_Server(create_app(settings, limits))) as client:

        async def is_ready() -> bool:
            answer = await client.get("/readyz")
            return answer.status == 200 and (await answer.json())["status"] == "ok"

        await eventually(is_ready)
        yield client


@pytest.fixture
def settings(postgres: PostgresServer, database: str, redis_: RedisServer) -> Settings:
    return settings_of(postgres, database, redis_)


def settings_of(postgres: PostgresServer, database: str, redis_: RedisServer) -> Settings:
    return Settings(
        postgres_host="127.0.0.1",
        postgres_port=postgres.port,
        postgres_db=database,
        postgres_user="postgres",
        postgres_password="hunter2",
        redis_host="127.0.0.1",
        redis_port=redis_.port,
    )


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with served(settings, LIMITS) as client:
        yield client


@pytest.fixture
async def controlled(settings: Settings) -> AsyncIterator[Client]:
    """A client of a backend that lets anyone evict and prime."""
    async with served(settings.model_copy(update={"cache_controls": True}), LIMITS) as client:
        yield client


@pytest.fixture
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    await migrate(conninfo(settings, LIMITS))
    async with open_parts(settings) as parts:
        yield parts


@asynccontextmanager
async def open_parts(settings: Settings, clock: SystemClock | None = None) -> AsyncIterator[Parts]:
    """A process of its own, with a connection and a permit of its own. The schema must be there."""
    clock = clock or SystemClock()
    async with open_store(settings, LIMITS) as store, open_caching(settings, LIMITS, clock) as caching:
        parts = Parts(settings, store, caching, clock)
        parts.working.append(asyncio.create_task(caching.keep_trust()))
        await until_available(caching.check, clock, patience=30.0, pause=0.02)
        yield parts
        for task in parts.working:
            task.cancel()
        await asyncio.gather(*parts.working, return_exceptions=True)
        for lane in parts.lanes:
            await lane.close()


@pytest.fixture
def in_redis(redis_: RedisServer) -> Iterator[redis.Redis]:
    """A client of the test's own."""
    with redis.Redis(port=redis_.port) as client:
        yield client


@pytest.fixture
def in_postgres(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection of the test's own, that commits each statement."""
    with psycopg.connect(conninfo(settings, LIMITS), autocommit=True) as connection:
        yield connection
