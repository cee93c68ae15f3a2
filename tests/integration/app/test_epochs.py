"""Which Redis is to be believed, and by whom: docs/adr/0013-epochs.md, each way to a stale read forced."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import psycopg
import pytest
import redis

from bitcoincache_api.contract import STAMP_KEY, coin_key
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.epochs import PERMITS_OVER
from bitcoincache_app.errors import CacheUnavailableError, UnavailableError
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import conninfo
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Settings
from consistency.tcp import Network, network
from support.chance import chance_of
from support.servers import RedisServer, redis_server
from support.waiting import eventually

from .conftest import LIMITS, Parts, open_parts
from .doubles import NeverBegun, SlowAnnounce

KEY = coin_key("BTC")


class MovedClock(SystemClock):
    """The time that everybody shares can be moved on."""

    moved = 0.0

    def boottime(self) -> float:
        return super().boottime() + self.moved


@dataclass(frozen=True)
class Replica:
    """With a network of its own to each server."""

    parts: Parts
    service: CacheService
    to_postgres: Network
    to_redis: Network

    async def price(self) -> int:
        return int(json.loads((await self.service.coin("BTC")).body)["price"])

    async def serves_hits(self) -> bool:
        return self.parts.caching.trust.serves_hits


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def replicas(settings: Settings, clock: MovedClock) -> AsyncIterator[tuple[Replica, Replica]]:
    await migrate(conninfo(settings, LIMITS))
    async with AsyncExitStack() as stack:

        async def replica() -> Replica:
            to_postgres = await stack.enter_async_context(network(chance_of(1), settings.postgres_port, 0.0))
            to_redis = await stack.enter_async_context(network(chance_of(2), settings.redis_port, 0.0))
            ports = {"postgres_port": to_postgres.port, "redis_port": to_redis.port}
            parts = await stack.enter_async_context(open_parts(settings.model_copy(update=ports), clock))
            return Replica(parts, parts.service, to_postgres, to_redis)

        yield await replica(), await replica()


async def test_only_a_permit_keeps_a_replica_that_hears_of_nothing_from_serving_what_is_old(
    replicas: tuple[Replica, Replica], clock: MovedClock, in_redis: redis.Redis
) -> None:
    """It reaches the old Redis, which has the old value, and PostgreSQL not at all. Ten seconds later others write."""
    one, deaf = replicas
    await one.service.put("BTC", 1)
    assert await deaf.price() == 1
    deaf.to_postgres.cut()
    one.to_redis.cut()

    async def others_are_out_of_reach() -> bool:
        return one.parts.caching.trust.is_isolated

    await eventually(others_are_out_of_reach)
    assert await deaf.parts.cache.get(KEY) is not None  # its permit holds, and so nobody has written
    with pytest.raises(CacheUnavailableError):
        await one.parts.cache.announce(["BTC"])

    clock.moved += PERMITS_OVER

    async def writes_go_past_redis() -> bool:
        try:
            return not (await one.parts.cache.announce(["BTC"])).announced
        except CacheUnavailableError:
            clock.moved += 1.0
            return False

    await eventually(writes_go_past_redis)
    await one.service.put("BTC", 2)
    assert json.loads(in_redis.get(KEY) or b"")["price"] == 1
    with pytest.raises(CacheUnavailableError):
        await deaf.parts.cache.get(KEY)
    with pytest.raises(UnavailableError):
        await deaf.service.coin("BTC")


async def test_a_redis_that_came_back_with_old_data_is_not_believed(
    replicas: tuple[Replica, Replica], redis_: RedisServer, in_redis: redis.Redis
) -> None:
    one, other = replicas
    await one.service.put("BTC", 1)
    redis_.save_data()
    await one.service.put("BTC", 2)
    try:
        redis_.kill()
        redis_.start()
        assert await other.price() == 2
        await eventually(other.serves_hits)
        await eventually(one.serves_hits)
        assert await one.price() == await other.price() == 2
    finally:
        redis_.lose_data()


async def test_a_write_whose_announcement_redis_lost_is_announced_again(
    replicas: tuple[Replica, Replica], in_redis: redis.Redis
) -> None:
    """Redis is emptied after the announcement, used again, and another replica has cached the old value by then."""
    one, other = replicas
    await one.service.put("BTC", 1)
    emptied: list[bool] = []

    async def emptied_and_used() -> None:
        if emptied:
            return
        emptied.append(bool(in_redis.flushall()))

        async def cached_again() -> bool:
            return await other.price() == 1 and in_redis.exists(KEY) == 1

        await eventually(cached_again)

    writer = one.parts.replica(one.parts.store, SlowAnnounce(one.parts.cache, emptied_and_used))
    await writer.put("BTC", 2)

    assert emptied
    assert await one.price() == await other.price() == 2


async def test_no_redis_is_adopted_while_a_write_is_under_way(
    replicas: tuple[Replica, Replica], redis_: RedisServer, in_postgres: psycopg.Connection
) -> None:
    one, other = replicas
    await one.service.put("BTC", 1)
    before = _epoch(in_postgres)
    with psycopg.connect(in_postgres.info.dsn) as holding:
        holding.execute("SELECT 1 FROM bitcoins WHERE symbol = 'BTC' FOR UPDATE")
        writing = asyncio.create_task(one.service.put("BTC", 2))
        await _waits(in_postgres, "Lock", "%INSERT INTO bitcoins%")
        redis_.kill()
        redis_.start()
        await _waits(in_postgres, "Lock", "%pg_advisory_xact_lock(cache_fence_lock())%")
        assert _epoch(in_postgres) == before + 1  # suspended, and no further

    await writing
    await eventually(other.serves_hits)
    assert await other.price() == await other.price() == 2


async def test_who_is_led_to_another_redis_neither_serves_from_it_nor_writes(
    replicas: tuple[Replica, Replica],
) -> None:
    one, other = replicas
    await one.service.put("BTC", 1)
    with redis_server() as second, redis.Redis(port=second.port) as in_second:
        # As if copied with its data, the stamp among them.
        epoch = one.parts.caching.trust.epoch
        assert epoch is not None
        in_second.set(STAMP_KEY, epoch.stamp)
        in_second.set(KEY, b'{"price":0,"version":0}', px=60_000)
        other.to_redis.target = second.port
        other.to_redis.break_connections()

        async def has_arrived() -> bool:
            return _process(in_second) == other.parts.caching.reach.process

        await eventually(has_arrived)
        assert await other.price() == 1
        with pytest.raises(CacheUnavailableError):
            await other.parts.cache.announce(["BTC"])
        assert in_second.get(KEY) is not None  # not even announced there
        await one.service.put("BTC", 2)
        assert await other.price() == 2


async def test_a_statement_that_comes_an_epoch_too_late_changes_nothing(
    replicas: tuple[Replica, Replica], in_redis: redis.Redis
) -> None:
    one, other = replicas
    await one.service.put("BTC", 1)
    late = NeverBegun(one.parts.settings)
    one.parts.lanes.append(late)
    with pytest.raises(UnavailableError):
        await one.parts.replica(one.parts.store, one.parts.cache, late).put("BTC", 2)
    in_redis.flushall()

    async def cached_again() -> bool:
        return await other.price() == 1 and in_redis.exists(KEY) == 1

    await eventually(cached_again)
    with pytest.raises(CacheUnavailableError):
        await late.begin()
    assert await one.price() == await other.price() == 1


def _process(server: redis.Redis) -> str:
    return str(server.info("server")["run_id"])


def _epoch(in_postgres: psycopg.Connection) -> int:
    row = in_postgres.execute("SELECT epoch FROM cache_epoch").fetchone()
    assert row is not None
    return int(row[0])


async def _waits(in_postgres: psycopg.Connection, event: str, query: str) -> None:
    looking = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = %s AND query LIKE %s"

    async def waits() -> bool:
        return in_postgres.execute(looking, [event, query]).fetchone() is not None

    await eventually(waits)
