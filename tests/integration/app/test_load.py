"""Many readers and writers at once, on two replicas, values evicted under them: what no forced race foresees."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter

import redis

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_app.answers import Outcome
from bitcoincache_app.redis_cache import RedisCache
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Settings

from .conftest import Parts, open_parts
from .doubles import SlowPublish, SlowReads

SYMBOLS = ("BTC", "ETH", "XMR")
WRITES, READS = 60, 240


class History:
    """The newest version of each coin that anyone has seen: no later read may be older."""

    def __init__(self) -> None:
        self.newest: Counter[str] = Counter()

    def saw(self, symbol: str, version: int) -> None:
        self.newest[symbol] = max(self.newest[symbol], version)


async def _write(service: CacheService, history: History, chance: random.Random) -> None:
    for price in range(WRITES):
        symbol = chance.choice(SYMBOLS)
        written = await service.put(symbol, price)
        history.saw(symbol, json.loads(written.body)["version"])
        await asyncio.sleep(0)


async def _read(service: CacheService, history: History, chance: random.Random) -> None:
    for _ in range(READS):
        symbol = chance.choice(SYMBOLS)
        floor = history.newest[symbol]
        version = json.loads((await service.coin(symbol)).body)["version"]
        assert version >= floor
        history.saw(symbol, version)


async def _rank(service: CacheService, history: History) -> None:
    for _ in range(READS):
        floor = history.newest.copy()
        for item in json.loads((await service.ranking(100, 0)).body)["items"]:
            assert item["version"] >= floor[item["symbol"]]
            history.saw(item["symbol"], item["version"])


async def test_no_read_is_stale_under_load(parts: Parts, settings: Settings, in_redis: redis.Redis) -> None:
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    history = History()

    async def dawdle() -> None:
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.005)))

    async def evict() -> None:
        for _ in range(WRITES):
            in_redis.delete(chance.choice([RANKING_KEY, *map(coin_key, SYMBOLS)]))
            await dawdle()

    def replica(cache: RedisCache) -> CacheService:
        return parts.replica(SlowReads(parts.store, dawdle), SlowPublish(cache, dawdle))

    async with open_parts(settings) as others:
        one, other = replica(parts.cache), replica(others.cache)
        for symbol in SYMBOLS:
            await one.put(symbol, 0)
        async with asyncio.TaskGroup() as group:
            group.create_task(evict())
            for service in (one, other):
                group.create_task(_write(service, history, chance))
                group.create_task(_rank(service, history))
                for _ in range(3):
                    group.create_task(_read(service, history, chance))

    outcomes = {outcome for _, outcome in (one.outcomes + other.outcomes).elements()}
    assert outcomes >= {Outcome.HIT, Outcome.STORED}
    assert Outcome.BYPASS not in outcomes
    assert in_redis.keys("bitcoincache:meta:*") == []
