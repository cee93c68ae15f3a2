"""Every measurement begins in the same state: which coins there are, and that the cache has the first hundred."""

from __future__ import annotations

import asyncio
import random
from typing import Final

import aiohttp
import psycopg
from redis import Redis

from bench.backend.services import Service
from support.waiting import eventually

_CACHED: Final = 100
"""As many as the first page of the ranking holds."""

_PATIENCE: Final = 60.0
"""A cache that has just begun may store nothing for a while."""

_KEEP: Final = "DELETE FROM bitcoins WHERE NOT symbol = ANY(%s)"
_ADD: Final = "INSERT INTO bitcoins (symbol, price) SELECT unnest(%s::text[]), 1 ON CONFLICT DO NOTHING"


def symbols(coins: int) -> list[str]:
    """As in common.lua."""
    return [f"C{number:05d}" for number in range(coins)]


async def restore(service: Service, coins: int) -> None:
    """The table holds exactly that many coins, and no trace of earlier writes; the first hundred are cached.

    Rows come and go by SQL, past the service, so the hundred are written through it afterwards: that is what brings
    its cache into line. Of the others nothing is read.
    """
    await asyncio.to_thread(_restore_table, service.place.conninfo, symbols(coins))
    dice = random.Random(1)  # noqa: S311 - the same prices each time
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        for symbol in symbols(_CACHED):
            # Above what is made later: the first page stays these.
            await _put(session, f"{service.url}/{symbol}", dice.randrange(1_000_001, 2_000_000))

        async def cached() -> bool:
            with service.place.client() as redis:
                before = misses(redis)
                for symbol in symbols(_CACHED):
                    await _get(session, f"{service.url}/{symbol}")
                page = await _get(session, service.url)
                assert page.count(b'"symbol"') == _CACHED, f"{service.name} lists other coins: {page[:200]!r}"
                return misses(redis) == before

        await eventually(cached, _PATIENCE)


def misses(redis: Redis) -> int:
    """How many keys were asked for so far that aren't there."""
    return int(redis.info("stats")["keyspace_misses"])


def hits(redis: Redis) -> int:
    return int(redis.info("stats")["keyspace_hits"])


async def _put(session: aiohttp.ClientSession, url: str, price: int) -> None:
    async with session.put(url, json={"price": price}):
        return


async def _get(session: aiohttp.ClientSession, url: str) -> bytes:
    async with session.get(url) as answer:
        return await answer.read()


def _restore_table(conninfo: str, wanted: list[str]) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_KEEP, [wanted])
        connection.execute(_ADD, [wanted])
        connection.execute("VACUUM (FULL, ANALYZE) bitcoins")
        connection.execute("CHECKPOINT")
