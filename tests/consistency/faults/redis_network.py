"""What happens between replicas and Redis."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from consistency.cluster import Cluster
from consistency.faults.kinds import Keys, happened, to


@to("network to redis")
async def redis_swallowed(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    return await without_redis(cluster, range(len(cluster.replicas)), 5.0)


@to("network to redis")
async def redis_swallowed_for_one(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    return await without_redis(cluster, [chance.randrange(len(cluster.replicas))], 5.0)


@to("network to redis")
async def redis_swallowed_in_turn(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """For moments, so that what was under way arrives late."""
    for _ in range(6):
        await without_redis(cluster, [chance.randrange(len(cluster.replicas))], chance.random())
        await asyncio.sleep(chance.random() * 0.5)
    return "Redis out of reach of one replica, 6 times"


@to("network to redis")
async def redis_cut_off_from_one(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    way = chance.choice(cluster.replicas).redis
    broken = way.open_connections
    way.cut()
    try:
        await asyncio.sleep(5.0)
    finally:
        way.mend()
    return happened(broken, "connections to Redis cut")


@to("network to redis")
async def redis_slow(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    for replica in cluster.replicas:
        replica.redis.dawdle(0.04)
    try:
        await asyncio.sleep(3.0)
    finally:
        for replica in cluster.replicas:
            replica.redis.mend()
    return "Redis slower by 80 ms"


async def without_redis(cluster: Cluster, replicas: Sequence[int], seconds: float) -> str:
    ways = [cluster.replicas[number].redis for number in replicas]
    for way in ways:
        way.swallow()
    try:
        await asyncio.sleep(seconds)
    finally:
        for way in ways:
            way.mend()
    return f"Redis out of reach of {len(ways)} replicas for {seconds:.1f} s"
