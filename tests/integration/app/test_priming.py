from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from bitcoincache_api.contract import PRIME_COMMAND, PRIMED_KEY, RANKING_KEY, coin_key
from bitcoincache_app.errors import CacheUnavailableError, StoreUnavailableError
from bitcoincache_app.prime import report, run
from bitcoincache_app.priming import FAST, Priming, prime
from bitcoincache_app.settings import Settings
from support.backend import environment_of
from support.clock import FakeClock
from support.servers import PostgresServer, RedisServer

from .conftest import Client, Parts, open_parts
from .doubles import SlowReads


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, **environment_of(settings, settings.port)}


def _prime(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *PRIME_COMMAND[1:]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def _insert(in_postgres: psycopg.Connection, count: int) -> None:
    in_postgres.execute(
        "INSERT INTO bitcoins (symbol, price) SELECT 'C' || n, n FROM generate_series(1, %s) n", [count]
    )


def test_the_command_primes_an_empty_database_and_says_how_many(settings: Settings, in_redis: redis.Redis) -> None:
    done = _prime(_environment(settings))

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Primed 0 keys from 0 rows.")
    assert in_redis.get(RANKING_KEY)
    assert in_redis.ttl(PRIMED_KEY) == -1
    assert "hunter2" not in done.stdout + done.stderr


def test_the_command_names_what_is_missing_in_its_environment(settings: Settings) -> None:
    environment = _environment(settings)
    del environment["POSTGRES_PASSWORD"]
    environment["REDIS_PORT"] = "tcp://10.0.0.1:6379"

    done = _prime(environment)

    assert done.returncode == 2
    assert "POSTGRES_PASSWORD: Field required" in done.stderr
    assert "REDIS_PORT" in done.stderr
    assert "10.0.0.1" not in done.stderr
    assert "Traceback" not in done.stderr


async def test_after_priming_every_read_is_a_hit(client: Client, settings: Settings, in_redis: redis.Redis) -> None:
    for n in range(3):
        await client.put(f"/api/v1/bitcoins/C{n}", json={"price": n})
    in_redis.flushall()

    assert await run(settings) == Priming(rows=3, keys=3)

    for path in ("", "/C0", "/C1", "/C2"):
        answer = await client.get(f"/api/v1/bitcoins{path}")
        assert answer.headers["Cache-Status"].startswith("redis; hit")
    cache = await (await client.get("/api/v1/cache")).json()
    assert (cache["keys"], cache["last_primed_keys"]) == (3, 3)
    assert cache["last_primed_at"].endswith("Z")


async def test_priming_goes_through_many_batches(
    parts: Parts, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    count = 2 * FAST.batch + 1
    _insert(in_postgres, count)

    assert await prime(parts.store, parts.caching.records, parts.clock) == Priming(rows=count, keys=count)

    assert in_redis.dbsize() == count + 3  # the ranking, that it is primed, and the stamp
    assert await prime(parts.store, parts.caching.records, parts.clock) == Priming(rows=count, keys=count)


async def test_primings_and_writers_at_once_leave_no_old_value(
    parts: Parts, settings: Settings, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    count = 3 * FAST.batch
    _insert(in_postgres, count)
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    written, service = [], parts.service

    async def write(primings: asyncio.Future[Any]) -> None:
        while not primings.done():
            symbol = f"C{chance.randrange(1, count + 1)}"
            if chance.random() < 0.2:
                await asyncio.gather(service.delete(symbol, None), return_exceptions=True)
            else:
                await service.put(symbol, chance.randrange(1000))
            written.append(symbol)

    async with open_parts(settings) as other:
        primings = asyncio.gather(*(prime(each.store, each.caching.records, each.clock) for each in (parts, other)))
        await asyncio.gather(primings, write(primings), write(primings))

    assert written
    cached = {key.decode(): in_redis.get(key) for key in in_redis.scan_iter(f"{coin_key('')}C*", count=1000)}
    rows = await parts.store.get_many([f"C{number}" for number in range(1, count + 1)])
    assert {key: value for key, value in cached.items() if value != rows.get(key.removeprefix(coin_key("")))} == {}
    assert cached.keys() >= {coin_key(symbol) for symbol in rows.keys() - set(written)}
    assert in_redis.keys("bitcoincache:meta:*") == []


async def test_a_table_beyond_the_caches_memory_is_primed_as_far_as_it_fits(
    parts: Parts, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    count = 4 * FAST.batch
    _insert(in_postgres, count)
    in_redis.config_set("maxmemory", in_redis.info("memory")["used_memory"] + 300_000)
    try:
        assert await prime(parts.store, parts.caching.records, parts.clock) == Priming(rows=count, keys=count)
    finally:
        in_redis.config_set("maxmemory", "0")

    assert in_redis.dbsize() < count


async def test_progress_is_told_once_a_second_and_at_the_end(
    parts: Parts, in_postgres: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    _insert(in_postgres, 5 * FAST.batch)
    caplog.set_level("INFO", "bitcoincache_app.priming")

    await prime(parts.store, parts.caching.records, FakeClock())

    [standing_still] = caplog.records
    assert vars(standing_still)["rows"] == vars(standing_still)["keys"] == 5 * FAST.batch
    clock = FakeClock()

    async def half_a_second() -> None:
        clock.time += 0.5

    caplog.clear()
    await prime(SlowReads(parts.store, half_a_second), parts.caching.records, clock)

    assert 2 <= len(caplog.records) <= 4
    assert vars(caplog.records[-1])["rows_per_second"] == round(5 * FAST.batch / 3)


async def test_a_cache_that_dies_in_the_middle_ends_priming(
    parts: Parts, in_postgres: psycopg.Connection, redis_: RedisServer
) -> None:
    _insert(in_postgres, 5 * FAST.batch)

    async def die() -> None:
        redis_.stop()

    with pytest.raises(CacheUnavailableError) as caught:
        await prime(SlowReads(parts.store, die), parts.caching.records, parts.clock)
    assert caught.value.__cause__


async def test_priming_again_reads_afresh_what_is_cached(
    parts: Parts, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    await parts.service.put("BTC", 1)
    in_redis.expire("bitcoin:BTC", 5)
    in_postgres.execute("UPDATE bitcoins SET price = 2")  # by hand, past the backend

    await prime(parts.store, parts.caching.records, parts.clock)

    assert json.loads((await parts.service.coin("BTC")).body)["price"] == 2
    assert in_redis.ttl("bitcoin:BTC") > 5


async def test_priming_gives_up_with_what_is_not_there(
    settings: Settings, redis_: RedisServer, postgres: PostgresServer
) -> None:
    redis_.stop()
    with pytest.raises(CacheUnavailableError):
        await run(settings, patience=0)
    postgres.stop()
    try:
        with pytest.raises(StoreUnavailableError):
            await run(settings, patience=0)
    finally:
        postgres.start()


def test_the_result_is_left_for_the_operator(tmp_path: Path) -> None:
    report(Priming(rows=3, keys=2), tmp_path / "log")
    report(Priming(rows=3, keys=2), tmp_path / "no" / "such" / "folder")

    assert json.loads((tmp_path / "log").read_text("utf-8")) == {"keys": 2, "rows": 3}
