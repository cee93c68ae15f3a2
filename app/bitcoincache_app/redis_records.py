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
        self._lease_many = client.register_script(script_text("lease_many"))
        self._fill_many = client.register_script(script_text("fill_many"))

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        shared = next(self._lease_ids)
        names = [STAMP_KEY, *map(meta_key, keys)]
        args: list[str | int] = [self._stamp(), shared, self._lease_life]
        with _reaching():
            granted = await self._lease_many(keys=names, args=args)
        return [Lease(key, shared) if yes else None for key, yes in zip(keys, granted, strict=True)]

    async def fill_many(self, fills: Sequence[tuple[Lease, bytes | None]]) -> list[bool]:
        names = [STAMP_KEY, *(key for lease, _ in fills for key in (lease.key, meta_key(lease.key)))]
        args: list[bytes | str | int] = [self._stamp(), self._ttl]
        args += (arg for lease, value in fills for arg in (lease.id, value or b""))
        with _reaching():
            kept = await self._fill_many(keys=names, args=args)
        return [bool(stored) for stored in kept]

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
