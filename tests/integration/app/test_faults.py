from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest
import redis
from aiohttp.test_utils import TestClient, TestServer

from bitcoincache_api.contract import coin_key, meta_key
from bitcoincache_api.http import OUTCOME_UNKNOWN
from bitcoincache_app.errors import NotFoundError, WritesPausedError
from bitcoincache_app.main import create_app
from bitcoincache_app.settings import Settings
from support.clock import FakeClock
from support.servers import PostgresServer, RedisServer
from support.waiting import eventually

from .conftest import LIMITS, Client, Parts
from .doubles import DeafAtFirst

COINS = "/api/v1/bitcoins"
PATIENT = replace(LIMITS, postgres_statement=60.0, postgres_answer=70.0)
"""Longer than a test waits: a statement ends when the test ends it."""


@pytest.fixture
async def patient_client(settings: Settings) -> AsyncIterator[Client]:
    async with TestClient(TestServer(create_app(settings, PATIENT))) as client:

        async def is_ready() -> bool:
            return (await client.get("/readyz")).status == 200

        await eventually(is_ready)
        yield client


async def test_without_redis_reads_and_writes_go_on(client: Client, redis_: RedisServer) -> None:
    await client.put(f"{COINS}/BTC", json={"price": 1})
    redis_.stop()

    for path in (f"{COINS}/BTC", COINS):
        answer = await client.get(path)
        assert answer.status == 200
        assert answer.headers["Cache-Status"] == "redis; fwd=bypass"
    assert (await client.put(f"{COINS}/BTC", json={"price": 2})).status == 200
    ready = await client.get("/readyz")
    assert ready.status == 200
    assert (await ready.json())["status"] == "degraded"
    assert (await (await client.get("/api/v1/cache")).json())["status"] == "unavailable"
    assert (await (await client.get(f"{COINS}/BTC")).json())["price"] == 2

    redis_.start()

    async def hits() -> bool:
        return (await client.get(f"{COINS}/BTC")).headers["Cache-Status"].startswith("redis; hit")

    await eventually(hits)
    assert (await client.put(f"{COINS}/BTC", json={"price": 3})).status == 200
    assert (await (await client.get("/readyz")).json())["status"] == "ok"


async def test_a_write_outwaits_a_redis_that_is_only_slow(parts: Parts) -> None:
    """On a busy machine, as while pods start: a client should wait a moment rather than be sent away."""
    service = parts.replica(parts.store, DeafAtFirst(parts.cache, times=3))
    written = await service.put("BTC", 1)
    assert (await parts.service.coin("BTC")).body == written.body


async def test_a_write_gives_up_in_the_end_and_has_changed_nothing(parts: Parts) -> None:
    deaf = DeafAtFirst(parts.cache, times=1_000_000)
    with pytest.raises(WritesPausedError):
        await parts.replica(parts.store, deaf, clock=FakeClock()).put("BTC", 1)
    with pytest.raises(NotFoundError):
        await parts.service.coin("BTC")


async def test_a_redis_that_forgot_the_scripts_is_taught_them_again(client: Client, in_redis: redis.Redis) -> None:
    await client.put(f"{COINS}/BTC", json={"price": 1})
    in_redis.script_flush()

    assert (await client.get(f"{COINS}/BTC")).headers["Cache-Status"].startswith("redis; hit")
    assert (await client.put(f"{COINS}/BTC", json={"price": 2})).status == 200


async def test_a_full_redis_refuses_neither_reads_nor_writes(client: Client, in_redis: redis.Redis) -> None:
    """It evicts values, never the records of writes: those have no lifetime."""
    await client.put(f"{COINS}/BTC", json={"price": 1})
    in_redis.config_set("maxmemory", "1")
    try:
        assert (await client.get(f"{COINS}/BTC")).headers["Cache-Status"] == "redis; fwd=uri-miss; stored"
        assert (await client.put(f"{COINS}/BTC", json={"price": 2})).status == 200
        assert (await (await client.get(f"{COINS}/BTC")).json())["price"] == 2
    finally:
        in_redis.config_set("maxmemory", "0")


async def test_without_postgres_hits_go_on_and_all_else_is_a_problem(client: Client, postgres: PostgresServer) -> None:
    await client.put(f"{COINS}/BTC", json={"price": 1})
    postgres.stop()
    try:
        assert (await client.get(f"{COINS}/BTC")).headers["Cache-Status"].startswith("redis; hit")
        for answer in await asyncio.gather(
            client.get(f"{COINS}/NONE"),
            client.get(COINS),
            client.put(f"{COINS}/BTC", json={"price": 2}),
            client.post(COINS, json={"symbol": "ETH", "price": 2}),
            client.delete(f"{COINS}/BTC"),
            client.get("/readyz"),
        ):
            assert answer.status == 503
            assert answer.content_type == "application/problem+json"
            assert answer.headers["Retry-After"] == "1"
            assert "127.0.0.1" not in await answer.text()
        assert (await client.get("/livez")).status == 200
        assert (await client.get(f"{COINS}/BTC")).headers["Cache-Status"].startswith("redis; hit")
    finally:
        postgres.start()

    async def is_ready() -> bool:
        return (await client.get("/readyz")).status == 200

    await eventually(is_ready)
    assert (await client.put(f"{COINS}/BTC", json={"price": 2})).status == 200


async def test_after_a_restart_of_postgres_no_request_meets_a_dead_connection(
    client: Client, postgres: PostgresServer
) -> None:
    await asyncio.gather(*(client.put(f"{COINS}/C{n}", json={"price": n}) for n in range(20)))
    postgres.stop()
    postgres.start()

    async def is_ready() -> bool:
        return (await client.get("/readyz")).status == 200

    await eventually(is_ready)
    answers = await asyncio.gather(*(client.put(f"{COINS}/C{n}", json={"price": n}) for n in range(20)))
    assert {answer.status for answer in answers} == {200}


async def test_the_first_reads_after_a_restart_of_postgres_are_answered(parts: Parts, postgres: PostgresServer) -> None:
    """All connections are dead by then, and a read is asked once more where it finds that out."""
    ranking = await parts.store.ranking(100, 0)
    postgres.stop()
    postgres.start()

    answers = await asyncio.gather(*(parts.store.ranking(100, 0) for _ in range(20)))

    assert set(answers) == {ranking}


async def test_a_read_whose_connection_is_cut_is_asked_again(parts: Parts, in_postgres: psycopg.Connection) -> None:
    await parts.service.put("BTC", 1)
    with psycopg.connect(in_postgres.info.dsn, autocommit=True) as other, in_postgres.transaction():
        in_postgres.execute("LOCK TABLE bitcoins IN ACCESS EXCLUSIVE MODE")
        reading = asyncio.create_task(parts.store.get("BTC"))

        async def killed() -> bool:
            kill = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE wait_event_type = 'Lock' AND datname = current_database()"""
            return other.execute(kill).fetchone() is not None

        await eventually(killed)

    assert await reading


async def test_a_write_that_postgres_gives_up_changes_nothing_and_leaves_no_token(
    client: Client, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    await client.put(f"{COINS}/BTC", json={"price": 1})
    with in_postgres.transaction():
        in_postgres.execute("SELECT 1 FROM bitcoins WHERE symbol = 'BTC' FOR UPDATE")
        answer = await client.put(f"{COINS}/BTC", json={"price": 2})

    assert answer.status == 503
    assert in_redis.exists(meta_key(coin_key("BTC"))) == 0
    read = await client.get(f"{COINS}/BTC")
    assert read.headers["Cache-Status"] == "redis; fwd=uri-miss; stored"
    assert (await read.json())["price"] == 1


async def test_while_a_writes_outcome_is_unknown_nobody_stores(
    patient_client: Client, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    await patient_client.put(f"{COINS}/BTC", json={"price": 1})
    with psycopg.connect(in_postgres.info.dsn, autocommit=True) as other, in_postgres.transaction():
        in_postgres.execute("SELECT 1 FROM bitcoins WHERE symbol = 'BTC' FOR UPDATE")
        writing = asyncio.create_task(patient_client.put(f"{COINS}/BTC", json={"price": 2}))

        async def killed() -> bool:
            # Not inside the transaction: it would see the activity of its first look for ever.
            kill = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO bitcoins%'"""
            return other.execute(kill).fetchone() is not None

        await eventually(killed)
        answer = await writing

    assert answer.status == 503
    told = await answer.json()
    assert "may or may not" in told["detail"]
    assert told["type"] == OUTCOME_UNKNOWN
    for path in (f"{COINS}/BTC", COINS):
        assert (await patient_client.get(path)).headers["Cache-Status"] == "redis; fwd=uri-miss"
    [token] = in_redis.hkeys(meta_key(coin_key("BTC")))
    assert str(token).startswith("b'token:")
