"""The cache on Redis: each step of the protocol is one Lua script on the keys of the coin and of the ranking."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib import resources
from itertools import count
from typing import Any, Final

from pydantic import TypeAdapter
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from bitcoincache_api.contract import PRIMED_KEY, RANKING_KEY, READS_KEY, coin_key, meta_key
from bitcoincache_app.breaker import Breaker
from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.ports import CacheState, Clock, Hit, Lease, Miss, Primed, Reads, Token
from bitcoincache_app.settings import Limits
from bitcoincache_app.timing import spent

_PRIMED: Final = TypeAdapter(Primed)
_NO_VALUE: Final = b""

_Script = Callable[..., Awaitable[Any]]


class RedisCache:
    """Implements ports.Cache. Values live ``ttl`` seconds.

    Writes have a client of their own, which is more patient: a reader can ask PostgreSQL instead, a writer can't.
    """

    def __init__(self, client: Redis, writing: Redis, clock: Clock, ttl: int, limits: Limits) -> None:
        self._client = client
        self._writing = writing
        self._clock = clock
        self._ttl = ttl * 1000
        self._limits = limits
        self._token_life = round(limits.token * 1000)
        self._lease_life = round(limits.lease * 1000)
        self._breaker, self._writing_breaker = Breaker(clock), Breaker(clock)
        prefix = secrets.token_hex(8)
        self._ids = (f"{prefix}-{n}" for n in count())
        self._announce = _script(writing, "announce")
        self._publish = _script(writing, "publish")
        self._lookup = _script(client, "lookup")
        self._lease = _script(client, "lease")
        self._fill = _script(client, "fill")

    async def lookup(self, key: str) -> Hit | Miss:
        lease = Lease(key, next(self._ids))
        with self._reaching():
            answer = await self._lookup(keys=[key, meta_key(key)], args=[lease.id, self._lease_life])
        if isinstance(answer, list):
            return Hit(answer[0], max(answer[1], 0) // 1000)
        return Miss(lease if answer else None)

    async def fill(self, lease: Lease, value: bytes | None) -> bool:
        with self._reaching():
            return bool(await self._fill(**self._filling(lease, value)))

    async def announce(self, symbol: str) -> Token:
        latest = self._clock.monotonic() + self._limits.token - self._limits.postgres_answer
        token = Token(symbol, next(self._ids), begin_by=latest)
        with self._reaching(self._writing_breaker):
            await self._announce(keys=_written_keys(symbol), args=[token.id, self._token_life])
        return token

    async def publish(self, token: Token, value: bytes | None) -> None:
        args = [token.id, self._ttl, value or _NO_VALUE, _NO_VALUE]
        with self._reaching(self._writing_breaker):
            await self._publish(keys=_written_keys(token.symbol), args=args)

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        leases = [Lease(key, next(self._ids)) for key in keys]
        with self._reaching():
            async with self._client.pipeline(transaction=False) as pipe:
                for lease in leases:
                    await self._lease(keys=[meta_key(lease.key)], args=[lease.id, self._lease_life], client=pipe)
                granted = await pipe.execute()
        return [lease if yes else None for lease, yes in zip(leases, granted, strict=True)]

    async def fill_many(self, fills: Sequence[tuple[Lease, bytes | None]]) -> list[bool]:
        with self._reaching():
            async with self._client.pipeline(transaction=False) as pipe:
                for lease, value in fills:
                    await self._fill(**self._filling(lease, value), client=pipe)
                return [bool(stored) for stored in await pipe.execute()]

    async def mark_primed(self, primed: Primed) -> None:
        with self._reaching():
            await self._client.set(PRIMED_KEY, _PRIMED.dump_json(primed))

    async def add_reads(self, reads: Reads) -> None:
        with self._reaching():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.hincrby(READS_KEY, "hits", reads.hits)
                pipe.hincrby(READS_KEY, "misses", reads.misses)
                await pipe.execute()

    async def state(self) -> CacheState:
        """Counts all keys and takes off those that are no coins, which costs Redis nothing however many there are.

        The records of writes and fills under way are counted too: they are few and gone in milliseconds.
        """
        with self._reaching():
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.dbsize()
                pipe.exists(RANKING_KEY, PRIMED_KEY, READS_KEY)
                pipe.get(PRIMED_KEY)
                pipe.hmget(READS_KEY, "hits", "misses")
                size, others, primed, reads = await pipe.execute()
        return CacheState(
            size - others,
            _PRIMED.validate_json(primed) if primed else None,
            Reads(*(int(count or 0) for count in reads)),
        )

    async def ping(self) -> None:
        with self._reaching():
            await self._client.ping()

    @property
    def is_up(self) -> bool:
        """Whether reads are asked of Redis now."""
        return not self._breaker.is_open

    def _filling(self, lease: Lease, value: bytes | None) -> dict[str, list[Any]]:
        return {
            "keys": [lease.key, meta_key(lease.key)],
            "args": [lease.id, self._ttl, value or _NO_VALUE],
        }

    @contextmanager
    def _reaching(self, breaker: Breaker | None = None) -> Iterator[None]:
        breaker = breaker or self._breaker
        if not breaker.admits():
            raise CacheUnavailableError("Redis does not answer.")
        try:
            with spent("redis"):
                yield
        except ResponseError as error:  # it answers, though not as hoped: out of memory, for example
            breaker.succeeded()
            raise CacheUnavailableError("Redis refused a command.") from error
        except (RedisError, OSError) as error:
            breaker.failed()
            raise CacheUnavailableError("Redis does not answer.") from error
        breaker.succeeded()


@asynccontextmanager
async def open_cache(host: str, port: int, ttl: int, clock: Clock, limits: Limits) -> AsyncIterator[RedisCache]:
    """A cache at that address. Connects on first use, so Redis need not be there yet.

    No retries: whoever asked can ask PostgreSQL sooner than Redis will be back, and a writer tries again itself.
    """
    async with (
        _client(host, port, limits.redis_connections, limits.redis) as client,
        _client(host, port, limits.redis_connections, limits.redis_write) as writing,
    ):
        yield RedisCache(client, writing, clock, ttl, limits)


@asynccontextmanager
async def _client(host: str, port: int, connections: int, patience: float) -> AsyncIterator[Redis]:
    pool = BlockingConnectionPool(
        host=host,
        port=port,
        max_connections=connections,
        timeout=patience,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    client = Redis(connection_pool=pool)
    try:
        yield client
    finally:
        await client.aclose()
        await pool.aclose()


def _written_keys(symbol: str) -> list[str]:
    """Whatever a write of this coin changes: the coin and the ranking, each with its record."""
    coin = coin_key(symbol)
    return [coin, meta_key(coin), RANKING_KEY, meta_key(RANKING_KEY)]


def _script(client: Redis, name: str) -> _Script:
    folder = resources.files("bitcoincache_app") / "scripts"
    text = "\n".join((folder / f"{part}.lua").read_text("utf-8") for part in ("_meta", name))
    script: _Script = client.register_script(text)
    return script
