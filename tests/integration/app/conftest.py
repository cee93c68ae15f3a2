"""The backend on real servers, as an application and as its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import redis
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bitcoincache_app.clock import SystemClock
from bitcoincache_app.main import create_app
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import PostgresStore, conninfo, open_store
from bitcoincache_app.redis_cache import RedisCache, open_cache
from bitcoincache_app.server import LimitedRunner
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Limits, Settings
from support.servers import PostgresServer, RedisServer
from support.waiting import eventually

LIMITS = Limits(redis=5.0, redis_write=5.0, postgres_statement=1.0)
"""Patient with Redis: these tests share a machine with others, and a slow answer is no fault to test for here."""

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True)
class Parts:
    store: PostgresStore
    cache: RedisCache
    clock: SystemClock

    @property
    def service(self) -> CacheService:
        """Another replica on the same servers."""
        return CacheService(self.store, self.cache, self.clock)


class _Server(TestServer):
    """Runs the application as the process does."""

    async def _make_runner(self, **options: Any) -> LimitedRunner:
        return LimitedRunner(self.app, **options)


@asynccontextmanager
async def served(settings: Settings, limits: Limits) -> AsyncIterator[Client]:
    """A client of the backend, once that is ready."""
    async with TestClient(_Server(create_app(settings, limits))) as client:

        async def is_ready() -> bool:
            return (await client.get("/readyz")).status == 200

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
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    await migrate(conninfo(settings, LIMITS))
    clock = SystemClock()
    async with (
        open_store(settings, LIMITS) as store,
        open_cache(settings.redis_host, settings.redis_port, settings.cache_ttl, clock, LIMITS) as cache,
    ):
        yield Parts(store, cache, clock)


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
