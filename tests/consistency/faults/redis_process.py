"""What happens to Redis itself."""

from __future__ import annotations

import asyncio
import random

from consistency.cluster import Cluster, Replica
from consistency.faults.kinds import Keys, happened, last, to
from support.servers import RedisServer


@to("redis")
async def redis_killed(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """And started again, with what it had on disk."""
    cluster.redis.kill()
    await asyncio.sleep(chance.random())
    await asyncio.to_thread(cluster.redis.start)
    return "Redis killed and restarted"


@to("redis")
async def redis_gone(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    """For longer than writes are to wait."""
    cluster.redis.kill()
    await asyncio.sleep(6.0)
    await asyncio.to_thread(cluster.redis.start)
    return "Redis gone for 6 s"


@to("redis")
async def redis_restarted_empty(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    cluster.redis.kill()
    cluster.redis.lose_data()
    await asyncio.sleep(chance.random())
    await asyncio.to_thread(cluster.redis.start)
    return "Redis restarted without its data"


@to("redis")
async def redis_restarted_with_old_data(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    restarts = 3
    for _ in range(restarts):
        await asyncio.to_thread(cluster.redis.save_data)
        await asyncio.sleep(0.2 + chance.random())
        cluster.redis.kill()
        await asyncio.to_thread(cluster.redis.start)
        await asyncio.sleep(chance.random())
    cluster.redis.lose_data()
    return f"Redis restarted with older data, {restarts} times"


@to("redis")
async def redis_emptied(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    async with cluster.redis_client() as client:
        for _ in range(3):
            await client.flushall()
            await asyncio.sleep(chance.random())
    return "Redis emptied, 3 times"


@to("redis")
async def redis_paused(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    pauses = [0.05, 0.3, 1.0 + chance.random(), 4.0]
    for pause in pauses:
        await last(cluster.redis.freeze, pause, cluster.redis.thaw)
        await asyncio.sleep(0.5)
    return f"Redis paused, {len(pauses)} times"


@to("redis")
async def redis_replaced(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """While one replica's connections to the old one live on, for a while."""
    old, one = await _replace_for_all_but_one(cluster, chance)
    await asyncio.sleep(3.0)
    return await _stop_replaced(old, one)


@to("redis")
async def redis_replaced_behind_the_back_of_one(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """That replica's connections to the old one live on, and it hears nothing of PostgreSQL meanwhile."""
    old, one = await _replace_for_all_but_one(cluster, chance)
    await last(one.postgres.swallow, 9.0, one.postgres.mend)
    return await _stop_replaced(old, one)


async def _replace_for_all_but_one(cluster: Cluster, chance: random.Random) -> tuple[RedisServer, Replica]:
    """The old Redis, and the replica whose connections to it live on."""
    old = await asyncio.to_thread(cluster.replace_redis)
    one, *others = chance.sample(cluster.replicas, len(cluster.replicas))
    for other in others:
        other.redis.break_connections()
    return old, one


async def _stop_replaced(old: RedisServer, one: Replica) -> str:
    kept = one.redis.open_connections
    await asyncio.to_thread(old.stop)
    return happened(kept, "connections to a Redis that had been replaced")
