"""Real servers: one PostgreSQL and one Redis a session; each test gets an empty database and an empty Redis."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
import redis

from support.servers import PostgresServer, RedisServer, postgres_server, redis_server

_NUMBERS = count()


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


def new_database(postgres: PostgresServer) -> str:
    """The name of one that is empty."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(host="127.0.0.1", port=postgres.port, user="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return name
