"""``python -m consistency.outage``: a stampede, and a Redis that is away, as figures. Exit code 1 on a stale read."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from bitcoincache_api.contract import coin_key
from consistency.clients import COINS, MIXED, READING
from consistency.cluster import Cluster, cluster
from consistency.connection import Answer, Connection
from consistency.faults.kinds import Fault, last
from consistency.faults.redis_network import without_redis
from consistency.journal import Journal
from consistency.rounds import Round, Stage
from consistency.subjects import ours
from support.chance import chance_of

LENGTH: Final = 10.0
"""Seconds that Redis is away."""

PAUSE: Final = 0.02
"""Seconds between a client's requests: what Redis's absence costs is asked, not how much the machine can bear."""

REQUESTS: Final = 1_000
_STATEMENTS: Final = {"shared_preload_libraries": "pg_stat_statements"}
_COIN: Final = "BTC"


@dataclass(frozen=True, slots=True)
class Stampede:
    """``queries`` of the table of coins that PostgreSQL saw, for that many simultaneous requests for one absent key."""

    requests: int
    right: int
    queries: int


@dataclass(frozen=True, slots=True)
class Outage:
    """Reads in milliseconds, before and while Redis was away; the rest in seconds, None where it never came."""

    name: str
    p99_before: float
    median_during: float
    p99_during: float
    reads: int
    failed_reads: int
    writes: int
    longest_pause_of_writes: float
    hits_again_after: float | None
    violations: Sequence[str]
    problems: Sequence[str]


async def stampede(whole: Cluster) -> Stampede:
    connections = [Connection(whole.replicas[n % len(whole.replicas)].port) for n in range(REQUESTS)]
    await connections[0].request("PUT", f"{COINS}/{_COIN}", b'{"price": 1}')
    await asyncio.gather(*(connection.open() for connection in connections))
    async with await whole.sql() as sql, whole.redis_client() as redis:
        await sql.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        await redis.delete(coin_key(_COIN))
        await sql.execute("SELECT pg_stat_statements_reset()")
        requests = [connection.request("GET", f"{COINS}/{_COIN}") for connection in connections]
        answers = await asyncio.gather(*requests, return_exceptions=True)
        counted = await sql.execute(
            r"SELECT coalesce(sum(calls), 0)::int FROM pg_stat_statements WHERE query ~ '\mbitcoins\M.*\msymbol\M'"
        )
        row = await counted.fetchone()
    for connection in connections:
        connection.close()
    assert row is not None
    return Stampede(REQUESTS, sum(isinstance(answer, Answer) and answer.status == 200 for answer in answers), row[0])


async def black_holed(whole: Cluster, _keys: Sequence[str], _chance: random.Random) -> str:
    return await without_redis(whole, range(len(whole.replicas)), LENGTH)


async def dead(whole: Cluster, _keys: Sequence[str], _chance: random.Random) -> str:
    whole.redis.kill()
    await asyncio.sleep(LENGTH)
    await asyncio.to_thread(whole.redis.start)
    return f"Redis dead for {LENGTH} s"


async def frozen(whole: Cluster, _keys: Sequence[str], _chance: random.Random) -> str:
    await last(whole.redis.freeze, LENGTH, whole.redis.thaw)
    return f"Redis frozen for {LENGTH} s"


async def outage(stage: Stage, name: str, fault: Fault, seed: int) -> Outage:
    """Clients on two replicas, before, while and after Redis is away."""
    times: list[int] = []

    async def timed(whole: Cluster, keys: Sequence[str], chance: random.Random) -> str:
        await asyncio.sleep(2.0)
        times.append(time.monotonic_ns())
        happened = await fault(whole, keys, chance)
        times.append(time.monotonic_ns())
        return happened

    journal, done = Journal(), Round(name, seed)
    await stage.record(journal, done, [timed], 0)
    return figures(journal, done, *times)


def figures(journal: Journal, done: Round, begin: int, end: int) -> Outage:
    """``begin`` and ``end`` of the fault, in the journal's nanoseconds."""
    answered = [
        (item.invoked, item.returned) for item in journal.history if item.observes and item.returned is not None
    ]
    before = [(returned - invoked) / 1e6 for invoked, returned in answered if returned < begin]
    during = [(returned - invoked) / 1e6 for invoked, returned in answered if returned >= begin and invoked < end]
    failed = [
        item
        for item in journal.failures
        if item.label in {"read", "ranking"} and item.returned >= begin and item.invoked < end
    ]
    written = [item.returned for item in journal.history if item.change is not None and item.returned is not None]
    moments = [begin, *sorted(moment for moment in written if begin < moment < end), end]
    again = min((hit for hit in journal.hits if hit > end), default=None)
    return Outage(
        name=done.name,
        p99_before=_percentile(before, 99),
        median_during=statistics.median(during),
        p99_during=_percentile(during, 99),
        reads=len(during),
        failed_reads=len(failed),
        writes=len(moments) - 2,
        longest_pause_of_writes=max(later - earlier for earlier, later in pairwise(moments)) / 1e9,
        hits_again_after=None if again is None else (again - end) / 1e9,
        violations=done.violations,
        problems=done.problems,
    )


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


async def _run(arguments: argparse.Namespace) -> int:
    async with cluster(ours(), chance_of(arguments.seed), 2, 0.0, **_STATEMENTS) as whole:
        rush = await stampede(whole)
        print(f"{rush.requests} misses at once: {rush.queries} queries, {rush.right} right answers", flush=True)
        stage = Stage(whole, mixes=(READING, READING, MIXED, MIXED), pause=PAUSE)
        outages = []
        for fault in (black_holed, dead, frozen):
            found = await outage(stage, f"Redis {fault.__name__.replace('_', '-')}", fault, arguments.seed)
            outages.append(found)
            print(json.dumps(asdict(found), indent=1), flush=True)
    if arguments.report:
        arguments.report.parent.mkdir(parents=True, exist_ok=True)
        content = {"stampede": asdict(rush), "outages": [asdict(found) for found in outages]}
        arguments.report.write_text(json.dumps(content, indent=1), "utf-8")
    return 1 if any(found.violations for found in outages) else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m consistency.outage", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, help="a file for the figures as JSON")
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
