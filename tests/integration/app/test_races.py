"""The races of the textbook scheme, each forced: what happens in between runs inside a port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable

import psycopg
import pytest
import redis

from bitcoincache_api.contract import RANKING_KEY, coin_key, meta_key
from bitcoincache_app.answers import Answer, Outcome
from bitcoincache_app.changes import Put
from bitcoincache_app.errors import CacheUnavailableError, EpochPassedError, NotFoundError, OutcomeUnknownError
from bitcoincache_app.ports import Miss, Primed
from bitcoincache_app.postgres import conninfo
from bitcoincache_app.postgres_lane import PostgresLane
from bitcoincache_app.priming import prime
from bitcoincache_app.service import CacheService
from bitcoincache_app.writes import Writes
from support.waiting import eventually

from .conftest import LIMITS, Parts
from .doubles import LostReply, Meanwhile, NeverBegun, SlowPublish, SlowReads


def _once(happening: Meanwhile) -> Meanwhile:
    """The first time only: what it does reads and writes, too."""
    left = [happening]

    async def meanwhile() -> None:
        if left:
            await left.pop()()

    return meanwhile


async def _price(service: CacheService) -> int:
    return int(json.loads((await service.coin("BTC")).body)["price"])


async def _prices(answer: Awaitable[Answer]) -> list[int]:
    return [item["price"] for item in json.loads((await answer).body)["items"]]


def _reading(parts: Parts, meanwhile: Meanwhile) -> CacheService:
    return parts.replica(SlowReads(parts.store, meanwhile), parts.cache)


def _publishing(parts: Parts, meanwhile: Meanwhile) -> CacheService:
    return parts.replica(parts.store, SlowPublish(parts.cache, meanwhile))


async def test_a_fill_does_not_overwrite_the_value_of_a_later_write(parts: Parts, in_redis: redis.Redis) -> None:
    other = parts.service
    await other.put("BTC", 1)
    in_redis.delete(coin_key("BTC"))

    answer = await _reading(parts, lambda: other.put("BTC", 2)).coin("BTC")

    assert answer.outcome is Outcome.MISS
    assert await _price(other) == 2


async def test_a_fill_begun_before_a_write_is_refused_also_if_the_new_value_is_evicted(
    parts: Parts, in_redis: redis.Redis
) -> None:
    other = parts.service
    await other.put("BTC", 1)
    in_redis.delete(coin_key("BTC"))

    async def write_and_evict() -> None:
        await other.put("BTC", 2)
        in_redis.delete(coin_key("BTC"))

    await _reading(parts, write_and_evict).coin("BTC")

    assert in_redis.get(coin_key("BTC")) is None
    assert await _price(other) == 2


async def test_a_fill_begun_while_a_write_is_pending_is_refused(parts: Parts) -> None:
    other, outcomes = parts.service, []
    await other.put("BTC", 1)

    async def read() -> None:
        outcomes.append((await other.coin("BTC")).outcome)
        outcomes.append((await other.ranking(100, 0)).outcome)

    await _publishing(parts, read).put("BTC", 2)

    assert outcomes == [Outcome.MISS, Outcome.MISS]
    assert await _price(other) == 2


async def test_a_read_after_a_write_that_is_not_published_yet_finds_it(parts: Parts) -> None:
    other = parts.service
    await other.put("BTC", 1)
    publish = asyncio.Event()
    writes = Writes(SlowPublish(parts.cache, publish.wait), parts.clock)
    lane = PostgresLane(conninfo(parts.settings, LIMITS), LIMITS)
    parts.lanes.append(lane)
    parts.working.append(asyncio.create_task(writes.carry_out(lane)))

    await writes.write(Put("BTC", 2))
    reads = [await other.coin("BTC"), await other.ranking(100, 0)]
    publish.set()
    await writes.published()

    assert [read.outcome for read in reads] == [Outcome.MISS, Outcome.MISS]
    assert all(b'"price":2' in read.body for read in reads)
    assert (await other.coin("BTC")).outcome is Outcome.HIT
    assert await _price(other) == 2


async def test_two_writers_that_publish_in_the_other_order_leave_no_old_value(parts: Parts) -> None:
    other = parts.service
    await other.put("BTC", 1)

    await _publishing(parts, lambda: other.put("BTC", 3)).put("BTC", 2)

    assert await _price(other) == 3
    assert (await other.coin("BTC")).outcome is Outcome.HIT


async def test_a_write_that_another_overlapped_does_not_store_after_it_either(
    parts: Parts, in_redis: redis.Redis
) -> None:
    """The earlier announced commits last, and publishes first."""
    other = parts.service
    await other.put("BTC", 1)
    first = await parts.cache.announce(["BTC"])
    second = await parts.cache.announce(["BTC"])

    await parts.cache.publish(first, [b"old"])
    await parts.cache.publish(second, [b"new, or is it"])

    assert in_redis.get(coin_key("BTC")) is None
    assert in_redis.exists(meta_key(coin_key("BTC"))) == 0


async def test_a_fill_does_not_bring_a_deleted_coin_back(parts: Parts, in_redis: redis.Redis) -> None:
    other = parts.service
    await other.put("BTC", 1)
    in_redis.delete(coin_key("BTC"))

    await _reading(parts, lambda: other.delete("BTC", None)).coin("BTC")

    with pytest.raises(NotFoundError):
        await other.coin("BTC")


async def test_a_fill_of_the_ranking_does_not_survive_a_write_of_any_coin(parts: Parts) -> None:
    other = parts.service
    await other.put("BTC", 1)
    await other.put("ETH", 2)

    await _reading(parts, lambda: other.put("ETH", 5)).ranking(100, 0)

    assert await _prices(other.ranking(100, 0)) == [5, 1]


async def test_a_write_that_cant_be_published_is_acknowledged_and_never_read_stale(
    parts: Parts, in_redis: redis.Redis
) -> None:
    async def cut_off() -> None:
        raise CacheUnavailableError("cut off")

    other = parts.service
    await other.put("BTC", 1)

    await _publishing(parts, cut_off).put("BTC", 2)

    answer = await other.coin("BTC")
    assert (answer.outcome, json.loads(answer.body)["price"]) == (Outcome.MISS, 2)
    assert in_redis.get(coin_key("BTC")) is None


async def test_a_write_whose_reply_was_lost_keeps_readers_on_the_store(parts: Parts) -> None:
    other = parts.service
    await other.put("BTC", 1)

    with pytest.raises(OutcomeUnknownError):
        await parts.replica(parts.store, parts.cache, LostReply(parts.settings)).put("BTC", 2)

    answer = await other.coin("BTC")
    assert (answer.outcome, json.loads(answer.body)["price"]) == (Outcome.MISS, 2)


async def test_priming_does_not_overwrite_a_newer_value(parts: Parts, in_redis: redis.Redis) -> None:
    other = parts.service
    await other.put("BTC", 1)
    await other.put("ETH", 1)
    in_redis.delete(coin_key("BTC"), coin_key("ETH"), RANKING_KEY)

    async def write() -> None:
        await other.put("BTC", 2)
        await other.delete("ETH", None)

    done = await prime(SlowReads(parts.store, _once(write)), parts.caching.records, parts.clock)

    assert (done.rows, done.keys) == (1, 1)
    answer = await other.coin("BTC")
    assert (answer.outcome, json.loads(answer.body)["price"]) == (Outcome.HIT, 2)
    with pytest.raises(NotFoundError):
        await other.coin("ETH")
    assert await _prices(other.ranking(100, 0)) == [2]


async def test_a_token_that_was_settled_may_not_store(parts: Parts, in_redis: redis.Redis) -> None:
    token = await parts.cache.announce(["BTC"])
    for key in (coin_key("BTC"), RANKING_KEY):
        await parts.cache.forget(key, [token.id])
        in_redis.set(key, "stored by a reader since then")

    await parts.cache.publish(token, [b"late"])

    assert in_redis.keys("bitcoin:*") == []


async def test_a_write_that_was_settled_before_it_began_never_begins(parts: Parts, in_redis: redis.Redis) -> None:
    """PostgreSQL, or the way to it, stood still for so long that everyone had given the write up."""
    other, lane = parts.service, NeverBegun(parts.settings)
    await other.put("BTC", 1)
    with pytest.raises(OutcomeUnknownError):
        await parts.replica(parts.store, parts.cache, lane).put("BTC", 2)
    await _linger(in_redis)
    assert (await other.coin("BTC")).outcome is Outcome.MISS  # and has it settled

    async def stored() -> bool:
        return (await other.coin("BTC")).outcome is Outcome.HIT

    await eventually(stored)
    with pytest.raises(EpochPassedError):
        await lane.begin()

    assert await _price(other) == 1


async def test_a_write_that_is_under_way_is_waited_for_by_who_settles_it(
    parts: Parts, in_postgres: psycopg.Connection, in_redis: redis.Redis
) -> None:
    other = parts.service
    await other.put("BTC", 1)
    with in_postgres.transaction():
        in_postgres.execute("SELECT 1 FROM bitcoins WHERE symbol = 'BTC' FOR UPDATE")
        writing = asyncio.create_task(parts.service.put("BTC", 2))
        tokens = await _tokens(in_redis)
        settling = asyncio.create_task(parts.store.settle(tokens))
        await _waits_for_a_lock(in_postgres.info.dsn, "cache_settle")
        assert not settling.done()

    await settling
    await writing
    assert await _price(other) == 2


async def test_what_is_evicted_while_a_write_is_pending_is_what_the_write_publishes(
    parts: Parts, in_redis: redis.Redis
) -> None:
    other, reads = parts.service, []
    await other.put("BTC", 1)

    async def evict_and_read() -> None:
        assert not await other.evict("BTC")
        assert in_redis.exists(meta_key(coin_key("BTC")))
        reads.append(await other.coin("BTC"))

    await _publishing(parts, evict_and_read).put("BTC", 2)

    assert [(read.outcome, json.loads(read.body)["price"]) for read in reads] == [(Outcome.MISS, 2)]
    answer = await other.coin("BTC")
    assert (answer.outcome, json.loads(answer.body)["price"]) == (Outcome.HIT, 2)


async def test_an_eviction_leaves_the_lease_to_whoever_holds_it(parts: Parts) -> None:
    other, evicted = parts.service, []
    await other.put("BTC", 1)
    assert await other.evict("BTC")

    async def evict() -> None:
        evicted.append(await other.evict("BTC"))

    answer = await _reading(parts, evict).coin("BTC")

    assert evicted == [False]
    assert answer.outcome is Outcome.STORED
    assert (await other.coin("BTC")).outcome is Outcome.HIT


async def test_a_lease_that_lapsed_is_another_readers(parts: Parts, in_redis: redis.Redis) -> None:
    key = coin_key("BTC")
    first = await parts.cache.lookup(key)
    in_redis.hset(meta_key(key), "lease_deadline", 1)
    [second] = await parts.caching.records.lease([key])

    assert isinstance(first, Miss)
    assert first.lease
    assert second
    assert not await parts.cache.fill(first.lease, b"first")
    assert await parts.cache.fill(second, b"second")
    assert in_redis.get(key) == b"second"


async def test_state_tells_of_priming(parts: Parts) -> None:
    primed = Primed(parts.clock.now(), 7)
    await parts.caching.records.mark_primed(primed)

    assert (await parts.caching.records.state()).primed == primed


async def _tokens(in_redis: redis.Redis) -> list[int]:
    """Those of the coin's pending writes, once there are some."""
    found: list[int] = []

    async def announced() -> bool:
        names = [_text(name) for name in in_redis.hkeys(meta_key(coin_key("BTC")))]
        found[:] = [int(name.removeprefix("token:")) for name in names if name.startswith("token:")]
        return bool(found)

    await eventually(announced)
    return found


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name


async def _linger(in_redis: redis.Redis) -> None:
    """As if what is pending now had been so for long."""
    for key in (coin_key("BTC"), RANKING_KEY):
        for name in in_redis.hkeys(meta_key(key)):
            in_redis.hset(meta_key(key), name, 1)


async def _waits_for_a_lock(dsn: str, whose: str) -> None:
    query = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
    with psycopg.connect(dsn, autocommit=True) as looking:

        async def waits() -> bool:
            return looking.execute(query, [f"%{whose}%"]).fetchone() is not None

        await eventually(waits)
