"""Everything that may go wrong around the cache. Each fault begins, lasts, ends, and tells what happened."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redis.exceptions import RedisError

from bitcoincache_api.contract import PRIME_COMMAND, RANKING_KEY, coin_key
from consistency.cluster import Cluster
from consistency.rounds import DidNotHappenError, Fault

_Keys = Sequence[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault, and to what it happens. What happens to different parts may happen at the same time."""

    name: str
    part: str
    fault: Fault


FAULTS: Final[dict[str, Kind]] = {}


def _to(part: str) -> Callable[[Fault], Fault]:
    def register(fault: Fault) -> Fault:
        name = fault.__name__.replace("_", "-")
        FAULTS[name] = Kind(name, part, fault)
        return fault

    return register


def mixed(chance: random.Random) -> list[Kind]:
    """Two or three faults, each of another part."""
    parts = chance.sample(sorted({kind.part for kind in FAULTS.values()}), chance.choice([2, 2, 3]))
    return [chance.choice([kind for kind in FAULTS.values() if kind.part == part]) for part in parts]


# What Redis holds.


@_to("values")
async def values_deleted(cluster: Cluster, keys: _Keys, chance: random.Random) -> str:
    names = [RANKING_KEY, *map(coin_key, keys)]
    deleted = 0
    for _ in _for_seconds(3.0):
        # Redis may be away at the same time.
        with suppress(RedisError):
            async with cluster.redis_client() as client:
                deleted += await client.delete(*names)
        await asyncio.sleep(chance.random() * 0.02)
    return _happened(deleted, "values deleted")


@_to("values")
async def values_evicted(cluster: Cluster, _keys: _Keys, _chance: random.Random) -> str:
    """By a limit that is just about what is used already."""
    begin = time.monotonic()
    evicted = 0
    while time.monotonic() < begin + 3.0 or (not evicted and time.monotonic() < begin + 30.0):
        # Redis may be away at the same time.
        with suppress(RedisError):
            async with cluster.redis_client() as client:
                await client.config_set("maxmemory", (await client.info("memory"))["used_memory"])
                await asyncio.sleep(0.2)
                await client.config_set("maxmemory", 0)
                evicted = (await client.info("stats"))["evicted_keys"]
        await asyncio.sleep(0.01)
    return _happened(evicted, "values evicted")


# Redis, the process.


@_to("redis")
async def redis_killed(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    """And started again, with what it had on disk."""
    cluster.redis.kill()
    await asyncio.sleep(chance.random())
    await asyncio.to_thread(cluster.redis.start)
    return "Redis killed and restarted"


@_to("redis")
async def redis_gone(cluster: Cluster, _keys: _Keys, _chance: random.Random) -> str:
    """For longer than writes are to wait."""
    cluster.redis.kill()
    await asyncio.sleep(6.0)
    await asyncio.to_thread(cluster.redis.start)
    return "Redis gone for 6 s"


@_to("redis")
async def redis_restarted_empty(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    cluster.redis.kill()
    cluster.redis.lose_data()
    await asyncio.sleep(chance.random())
    await asyncio.to_thread(cluster.redis.start)
    return "Redis restarted without its data"


@_to("redis")
async def redis_restarted_with_old_data(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    restarts = 3
    for _ in range(restarts):
        with tempfile.TemporaryDirectory(prefix="redis-old-") as folder:
            aside = Path(folder) / "data"
            cluster.redis.copy_data(aside)
            await asyncio.sleep(0.2 + chance.random())
            cluster.redis.kill()
            cluster.redis.put_data_back(aside)
            await asyncio.to_thread(cluster.redis.start)
        await asyncio.sleep(chance.random())
    return f"Redis restarted with older data, {restarts} times"


@_to("redis")
async def redis_emptied(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    async with cluster.redis_client() as client:
        for _ in range(3):
            await client.flushall()
            await asyncio.sleep(chance.random())
    return "Redis emptied, 3 times"


@_to("redis")
async def redis_paused(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    pauses = [0.05, 0.3, 1.0 + chance.random(), 4.0]
    for pause in pauses:
        cluster.redis.freeze()
        try:
            await asyncio.sleep(pause)
        finally:
            cluster.redis.thaw()
        await asyncio.sleep(0.5)
    return f"Redis paused, {len(pauses)} times"


@_to("redis")
async def redis_replaced(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    """While one replica's connections to the old one live on, for a while."""
    old = await asyncio.to_thread(cluster.replace_redis)
    one, *others = chance.sample(cluster.replicas, len(cluster.replicas))
    for other in others:
        other.redis.break_connections()
    await asyncio.sleep(3.0)
    kept = one.redis.open_connections
    await asyncio.to_thread(old.stop)
    return _happened(kept, "connections to a Redis that had been replaced")


# The network to Redis.


@_to("network to redis")
async def redis_swallowed(cluster: Cluster, _keys: _Keys, _chance: random.Random) -> str:
    return await without_redis(cluster, range(len(cluster.replicas)), 5.0)


@_to("network to redis")
async def redis_swallowed_for_one(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    return await without_redis(cluster, [chance.randrange(len(cluster.replicas))], 5.0)


@_to("network to redis")
async def redis_swallowed_in_turn(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    """For moments, so that what was under way arrives late."""
    for _ in range(6):
        await without_redis(cluster, [chance.randrange(len(cluster.replicas))], chance.random())
        await asyncio.sleep(chance.random() * 0.5)
    return "Redis out of reach of one replica, 6 times"


@_to("network to redis")
async def redis_cut_off_from_one(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    way = chance.choice(cluster.replicas).redis
    broken = way.open_connections
    way.cut()
    try:
        await asyncio.sleep(5.0)
    finally:
        way.mend()
    return _happened(broken, "connections to Redis cut")


@_to("network to redis")
async def redis_slow(cluster: Cluster, _keys: _Keys, _chance: random.Random) -> str:
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


# The replicas.


@_to("replica")
async def replica_killed(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    replica = chance.choice(cluster.replicas)
    replica.kill()
    await asyncio.sleep(chance.random())
    await replica.start()
    return "a replica killed and restarted"


@_to("replica")
async def replica_paused(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    """For longer than any promise in the protocol lasts."""
    replica = chance.choice(cluster.replicas)
    replica.freeze()
    try:
        await asyncio.sleep(13.0)
    finally:
        replica.thaw()
    return "a replica paused for 13 s"


@_to("replica")
async def replica_paused_in_turn(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    for _ in range(4):
        replica = chance.choice(cluster.replicas)
        replica.freeze()
        try:
            await asyncio.sleep(chance.random() * 2)
        finally:
            replica.thaw()
        await asyncio.sleep(0.3)
    return "replicas paused, 4 times"


# PostgreSQL.


@_to("postgres")
async def sessions_terminated(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    """In the middle of what they do: before, in and after COMMIT."""
    terminated = 0
    statement = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name <> 'consistency' AND backend_type = 'client backend'
        AND (state = 'active' OR random() < 0.03)"""
    async with await cluster.sql() as connection:
        for _ in _for_seconds(4.0):
            row = await (await connection.execute(statement)).fetchone()
            terminated += row[0] if row else 0
            await asyncio.sleep(chance.random() * 0.03)
    return _happened(terminated, "sessions terminated")


@_to("postgres")
async def rows_locked(cluster: Cluster, keys: _Keys, chance: random.Random) -> str:
    """By another transaction, for up to longer than a write may take."""
    locked = 0
    async with await cluster.sql() as connection:
        for pause in (0.2, 1.0, 4.0):
            async with connection.transaction():
                cursor = await connection.execute(
                    "SELECT FROM bitcoins WHERE symbol = ANY(%s) FOR UPDATE", [chance.sample(keys, 2)]
                )
                locked += cursor.rowcount
                await asyncio.sleep(pause)
    return _happened(locked, "rows locked")


@_to("postgres")
async def postgres_frozen(cluster: Cluster, _keys: _Keys, _chance: random.Random) -> str:
    """For longer than a write's announcement lasts."""
    cluster.postgres.freeze()
    try:
        await asyncio.sleep(12.0)
    finally:
        cluster.postgres.thaw()
    return "PostgreSQL frozen for 12 s"


@_to("postgres")
async def postgres_restarted(cluster: Cluster, _keys: _Keys, _chance: random.Random) -> str:
    await asyncio.to_thread(cluster.postgres.stop)
    await asyncio.to_thread(cluster.postgres.start)
    return "PostgreSQL crashed and restarted"


@_to("network to postgres")
async def postgres_slow(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    ways = [replica.postgres for replica in chance.sample(cluster.replicas, chance.randint(1, len(cluster.replicas)))]
    for way in ways:
        way.dawdle(0.4)
    try:
        await asyncio.sleep(5.0)
    finally:
        for way in ways:
            way.mend()
    return f"PostgreSQL slow for {len(ways)} replicas"


@_to("network to postgres")
async def postgres_swallowed_for_one(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    way = chance.choice(cluster.replicas).postgres
    for pause in (0.2, 1.5, 5.0):
        way.swallow()
        try:
            await asyncio.sleep(pause)
        finally:
            way.mend()
        await asyncio.sleep(0.3)
    return "PostgreSQL out of reach of one replica, 3 times"


@_to("network to postgres")
async def postgres_connections_broken(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    broken = 0
    for _ in _for_seconds(3.0):
        way = chance.choice(cluster.replicas).postgres
        broken += way.open_connections
        way.break_connections()
        await asyncio.sleep(chance.random())
    return _happened(broken, "connections to PostgreSQL broken")


# Priming.


@_to("priming")
async def primed(cluster: Cluster, _keys: _Keys, chance: random.Random) -> str:
    """By several processes at once, each of them started and ended somewhere in the middle of what clients write."""
    environments = [chance.choice(cluster.replicas).environment for _ in range(3)]
    primings = [_prime(environment, chance.random() * 3) for environment in environments]
    return _happened(sum(await asyncio.gather(*primings)), "primings")


async def _prime(environment: Mapping[str, str], wait: float) -> bool:
    """Whether it came to its end."""
    await asyncio.sleep(wait)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *PRIME_COMMAND[1:],
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(40.0):
            return await process.wait() == 0
    except TimeoutError:
        process.kill()
        await process.wait()
        return False


def _for_seconds(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def _happened(times: int, what: str) -> str:
    if not times:
        raise DidNotHappenError(f"0 {what}")
    return f"{times} {what}"
