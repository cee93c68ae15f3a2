"""What happens between replicas and Redis."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from functools import partial

from consistency.cluster import Cluster
from consistency.faults.kinds import Keys, Traces, happened, last, to


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
    broken = Traces()
    for _ in broken.for_seconds(0.0):
        await asyncio.sleep(0.05)
        broken.count = way.open_connections
    await last(way.cut, 5.0, way.mend)
    return happened(broken.count, "connections to Redis cut")


@to("network to redis")
async def redis_slow(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    ways = [replica.redis for replica in cluster.replicas]
    await asyncio.gather(*(last(partial(way.dawdle, 0.04), 3.0, way.mend) for way in ways))
    return "Redis slower by 80 ms"


async def without_redis(cluster: Cluster, replicas: Sequence[int], seconds: float) -> str:
    ways = [cluster.replicas[number].redis for number in replicas]
    await asyncio.gather(*(last(way.swallow, seconds, way.mend) for way in ways))
    return f"Redis out of reach of {len(ways)} replicas for {seconds:.1f} s"
