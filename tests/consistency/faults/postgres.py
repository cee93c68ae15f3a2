"""What happens to PostgreSQL, and between replicas and it."""

from __future__ import annotations

import asyncio
import random
from functools import partial

from consistency.cluster import Cluster
from consistency.faults.kinds import Keys, Traces, happened, last, to


@to("postgres")
async def sessions_terminated(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """In the middle of what they do: before, in and after COMMIT."""
    terminated = Traces()
    statement = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name <> 'consistency' AND backend_type = 'client backend'
        AND (state = 'active' OR random() < 0.03)"""
    async with await cluster.sql() as connection:
        for _ in terminated.for_seconds(4.0):
            row = await (await connection.execute(statement)).fetchone()
            terminated.count += row[0] if row else 0
            await asyncio.sleep(chance.random() * 0.03)
    return happened(terminated.count, "sessions terminated")


@to("postgres")
async def rows_locked(cluster: Cluster, keys: Keys, chance: random.Random) -> str:
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
    return happened(locked, "rows locked")


@to("postgres")
async def postgres_frozen(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    """For longer than a write's announcement lasts."""
    await last(cluster.postgres.freeze, 12.0, cluster.postgres.thaw)
    return "PostgreSQL frozen for 12 s"


@to("postgres")
async def postgres_restarted(cluster: Cluster, _keys: Keys, _chance: random.Random) -> str:
    await asyncio.to_thread(cluster.postgres.stop)
    await asyncio.to_thread(cluster.postgres.start)
    return "PostgreSQL crashed and restarted"


@to("network to postgres")
async def postgres_slow(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    ways = [replica.postgres for replica in chance.sample(cluster.replicas, chance.randint(1, len(cluster.replicas)))]
    await asyncio.gather(*(last(partial(way.dawdle, 0.4), 5.0, way.mend) for way in ways))
    return f"PostgreSQL slow for {len(ways)} replicas"


@to("network to postgres")
async def postgres_swallowed_for_one(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    way = chance.choice(cluster.replicas).postgres
    for pause in (0.2, 1.5, 5.0):
        await last(way.swallow, pause, way.mend)
        await asyncio.sleep(0.3)
    return "PostgreSQL out of reach of one replica, 3 times"


@to("network to postgres")
async def postgres_connections_broken(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    broken = Traces()
    for _ in broken.for_seconds(3.0):
        way = chance.choice(cluster.replicas).postgres
        broken.count += way.open_connections
        way.break_connections()
        await asyncio.sleep(chance.random())
    return happened(broken.count, "connections to PostgreSQL broken")
