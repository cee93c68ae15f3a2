"""Real servers: one PostgreSQL and one Redis a session; each test gets an empty database and an empty Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from support.databases import new_database
from support.servers import PostgresServer, RedisServer, postgres_server, redis_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def _redis_process() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def redis_(_redis_process: RedisServer) -> RedisServer:
    """Runs, and is empty, when a test begins; the test may stop it."""
    if not _redis_process.runs:
        _redis_process.start()
    with redis.Redis(port=_redis_process.port) as client:
        client.flushall()
    return _redis_process


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    return new_database(postgres)
