"""What Redis holds beside the values: counts and dates, and priming's batches. On a client that waits for its turn."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Final

from pydantic import TypeAdapter
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from bitcoincache_api.contract import PRIMED_KEY, RANKING_KEY, READS_KEY, STAMP_KEY, meta_key
from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.ports import CacheState, Lease, Primed, Reads
from bitcoincache_app.settings import Limits
from bitcoincache_app.steps import script_text
from bitcoincache_app.trust import Trust

_PRIMED: Final = TypeAdapter(Primed)
_OTHERS: Final = (RANKING_KEY, PRIMED_KEY, READS_KEY, STAMP_KEY)


class RedisRecords:
    """Implements ports.Records, and ports.Filler for priming. Values live ``ttl`` seconds."""

    def __init__(self, client: Redis, trust: Trust, ttl: int, limits: Limits) -> None:
        self._client = client
        self._trust = trust
        self._ttl = ttl * 1000
        self._lease_life = round(limits.lease * 1000)
        prefix = secrets.token_hex(8)
        self._lease_ids = (f"{prefix}-{n}" for n in count())
        self._lease = client.register_script(script_text("lease"))
        self._fill = client.register_script(script_text("fill"))

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        leases = [Lease(key, next(self._lease_ids)) for key in keys]
        stamp = self._stamp()
        with _reaching():
            async with self._client.pipeline(transaction=False) as pipe:
                for lease in leases:
                    keys = [STAMP_KEY, meta_key(lease.key)]
                    await self._lease(keys=keys, args=[stamp, lease.id, self._lease_life], client=pipe)
                granted = await pipe.execute()
        return [lease if yes else None for lease, yes in zip(leases, granted, strict=True)]

    async def fill_many(self, fills: Sequence[tuple[Lease, bytes | None]]) -> list[bool]:
        stamp = self._stamp()
        with _reaching():
            async with self._client.pipeline(transaction=False) as pipe:
                for lease, value in fills:
                    keys = [STAMP_KEY, lease.key, meta_key(lease.key)]
                    await self._fill(keys=keys, args=[stamp, lease.id, self._ttl, value or b""], client=pipe)
                return [bool(stored) for stored in await pipe.execute()]

    async def mark_primed(self, primed: Primed) -> None:
        with _reaching():
            await self._client.set(PRIMED_KEY, _PRIMED.dump_json(primed))

    async def add_reads(self, reads: Reads) -> None:
        with _reaching():
            async with self._pipe() as pipe:
                pipe.hincrby(READS_KEY, "hits", reads.hits)
                pipe.hincrby(READS_KEY, "misses", reads.misses)
                await pipe.execute()

    async def state(self) -> CacheState:
        """Counts all keys and takes off those that are no coins, which costs Redis nothing however many there are.

        The records of writes and fills under way are counted too: they are few and gone in milliseconds.
        """
        with _reaching():
            async with self._pipe() as pipe:
                pipe.dbsize()
                pipe.exists(*_OTHERS)
                pipe.get(PRIMED_KEY)
                pipe.hmget(READS_KEY, "hits", "misses")
                size, others, primed, reads = await pipe.execute()
        return CacheState(
            size - others,
            _PRIMED.validate_json(primed) if primed else None,
            Reads(*(int(count or 0) for count in reads)),
        )

    def _pipe(self) -> Pipeline:
        return self._client.pipeline(transaction=False)

    def _stamp(self) -> str:
        epoch = self._trust.epoch
        if epoch is None or epoch.process is None:
            raise CacheUnavailableError("There is no Redis to prime yet.")
        return epoch.stamp


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except ResponseError as error:
        raise CacheUnavailableError("Redis refused a command.") from error
    except (RedisError, OSError) as error:
        raise CacheUnavailableError("Redis does not answer.") from error


@asynccontextmanager
async def open_records(host: str, port: int, ttl: int, trust: Trust, limits: Limits) -> AsyncIterator[RedisRecords]:
    """Connects on first use, so Redis need not be there yet. No retries: whoever asks asks again."""
    pool = BlockingConnectionPool(
        host=host,
        port=port,
        max_connections=limits.redis_connections,
        timeout=limits.redis_records,
        socket_timeout=limits.redis_records,
        socket_connect_timeout=limits.redis_records,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    client = Redis(connection_pool=pool)
    try:
        yield RedisRecords(client, trust, ttl, limits)
    finally:
        await client.aclose()
        await pool.aclose()
