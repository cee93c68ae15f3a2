"""What Redis holds goes missing."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

from redis.exceptions import RedisError

from bitcoincache_api.contract import RANKING_KEY, coin_key
from consistency.cluster import Cluster
from consistency.faults.kinds import Keys, Traces, happened, to


@to("values")
async def values_deleted(cluster: Cluster, keys: Keys, chance: random.Random) -> str:
    names = [RANKING_KEY, *map(coin_key, keys)]
    deleted = Traces()
    for _ in deleted.for_seconds(3.0):
        # Redis may be away at the same time.
        with suppress(RedisError):
            async with cluster.redis_client() as client:
                deleted.count += await client.delete(*names)
        await asyncio.sleep(chance.random() * 0.02)
    return happened(deleted.count, "values deleted")


@to("values")
async def values_evicted(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    """By a limit that is just about what is used already."""
    evicted = Traces()
    for _ in evicted.for_seconds(3.0):
        # Redis may be away at the same time.
        with suppress(RedisError):
            async with cluster.redis_client() as client:
                await client.config_set("maxmemory", (await client.info("memory"))["used_memory"])
                await asyncio.sleep(0.2)
                await client.config_set("maxmemory", 0)
                evicted.count = (await client.info("stats"))["evicted_keys"]
        await asyncio.sleep(0.01)
    return happened(evicted.count, "values evicted")
