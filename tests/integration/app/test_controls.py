"""Evicting and priming over the API: for learners, and only where that is allowed."""

from __future__ import annotations

import psycopg
import pytest
import redis

from bitcoincache_api.contract import coin_key, meta_key
from bitcoincache_app.priming import GENTLE
from bitcoincache_app.settings import Settings
from support.servers import RedisServer
from support.waiting import eventually

from .conftest import LIMITS, Client, served

COINS = "/api/v1/bitcoins"
CACHE = "/api/v1/cache"
CACHED = f"{CACHE}/bitcoins"
PRIMING = f"{CACHE}/priming"


async def _put(client: Client, symbol: str, price: int) -> None:
    assert (await client.put(f"{COINS}/{symbol}", json={"price": price})).status in {200, 201}


async def _cache_status(client: Client, path: str) -> str:
    return (await client.get(path)).headers["Cache-Status"]


async def test_what_is_evicted_is_a_miss_and_then_a_hit(controlled: Client, in_redis: redis.Redis) -> None:
    await _put(controlled, "BTC", 1)
    await _put(controlled, "ETH", 2)
    await controlled.get(f"{COINS}/BTC")
    await controlled.get(f"{COINS}/ETH")

    evicted = await controlled.delete(f"{CACHED}/btc")
    again = await controlled.delete(f"{CACHED}/BTC")

    assert (evicted.status, await evicted.json()) == (200, {"symbol": "BTC", "evicted": True})
    assert (again.status, await again.json()) == (200, {"symbol": "BTC", "evicted": False})
    assert evicted.headers["Cache-Control"] == "no-store"
    assert "redis;dur=" in evicted.headers["Server-Timing"]
    assert in_redis.get(coin_key("BTC")) is None
    assert await _cache_status(controlled, f"{COINS}/BTC") == "redis; fwd=uri-miss; stored"
    assert (await _cache_status(controlled, f"{COINS}/BTC")).startswith("redis; hit")
    assert (await _cache_status(controlled, f"{COINS}/ETH")).startswith("redis; hit")


async def test_what_can_be_no_coins_symbol_is_refused(controlled: Client) -> None:
    refused = await controlled.delete(f"{CACHED}/no-coin")

    assert refused.status == 422
    assert (await refused.json())["errors"][0]["field"] == "symbol"


async def test_priming_fills_the_cache_in_the_background(controlled: Client, in_postgres: psycopg.Connection) -> None:
    count = 2 * GENTLE.batch + 1
    in_postgres.execute(
        "INSERT INTO bitcoins (symbol, price) SELECT 'C' || n, n FROM generate_series(1, %s) n", [count]
    )

    begun = await controlled.post(PRIMING)

    assert (begun.status, await begun.json()) == (202, {"began": True})
    await eventually(lambda: _has_primed(controlled))
    report = await (await controlled.get(CACHE)).json()
    assert (report["keys"], report["last_primed_keys"]) == (count, count)
    for path in (f"{COINS}/C1", f"{COINS}/C{count}", COINS):
        assert (await _cache_status(controlled, path)).startswith("redis; hit")
    assert await (await controlled.post(PRIMING)).json() == {"began": True}


async def test_a_backend_ends_while_it_primes(
    settings: Settings, in_postgres: psycopg.Connection, in_redis: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bitcoincache_app.primer")
    async with served(settings.model_copy(update={"cache_controls": True}), LIMITS) as client:
        in_postgres.execute("INSERT INTO bitcoins (symbol, price) VALUES ('BTC', 1)")
        for name, value in (("lease", "another's"), ("lease_deadline", str(10**15))):  # which priming waits for
            in_redis.hset(meta_key(coin_key("BTC")), name, value)
        assert (await client.post(PRIMING)).status == 202
        assert await (await client.post(PRIMING)).json() == {"began": False}

    assert "priming was given up" in [record.message for record in caplog.records]
    assert in_redis.keys("bitcoincache:primed") == []


async def test_without_a_redis_to_trust_there_is_nothing_to_control(controlled: Client, redis_: RedisServer) -> None:
    redis_.stop()

    for method, path in (("DELETE", f"{CACHED}/BTC"), ("POST", PRIMING)):

        async def refused(method: str = method, path: str = path) -> bool:
            answer = await controlled.request(method, path)
            return answer.status == 503 and answer.headers["Retry-After"] == "1"

        await eventually(refused)


async def test_the_report_says_whether_there_are_controls(client: Client, controlled: Client) -> None:
    assert (await (await client.get(CACHE)).json())["controls"] is False
    assert (await (await controlled.get(CACHE)).json())["controls"] is True


async def test_where_they_are_not_allowed_they_are_not_there(client: Client, in_redis: redis.Redis) -> None:
    await _put(client, "BTC", 1)
    await client.get(f"{COINS}/BTC")

    for method, path in (("DELETE", f"{CACHED}/BTC"), ("POST", PRIMING), ("OPTIONS", PRIMING), ("GET", PRIMING)):
        answer = await client.request(method, path)
        assert (answer.status, answer.content_type) == (404, "application/problem+json"), (method, path)

    assert in_redis.get(coin_key("BTC"))


@pytest.mark.parametrize(("path", "methods"), [(f"{CACHED}/BTC", "DELETE, OPTIONS"), (PRIMING, "OPTIONS, POST")])
async def test_their_paths_tell_their_methods(controlled: Client, path: str, methods: str) -> None:
    told, refused = await controlled.options(path), await controlled.head(path)

    assert (told.status, told.headers["Allow"]) == (204, methods)
    assert (refused.status, refused.headers["Allow"]) == (405, methods)


async def test_they_are_counted_by_their_routes(controlled: Client) -> None:
    await controlled.delete(f"{CACHED}/BTC")

    text = await (await controlled.get("/metrics")).text()

    assert f'bitcoincache_http_requests_total{{method="DELETE",route="{CACHED}/{{symbol}}",status="200"}} 1.0' in text


async def _has_primed(client: Client) -> bool:
    return (await (await client.get(CACHE)).json())["last_primed_at"] is not None
