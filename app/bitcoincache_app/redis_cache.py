"""The cache on Redis: each step of the protocol is one Lua script on the keys of the coins and of the ranking."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, Final

from bitcoincache_api.contract import RANKING_KEY, STAMP_KEY, coin_key, meta_key
from bitcoincache_app.epochs import Epoch
from bitcoincache_app.errors import CacheUnavailableError, RedisRefusedError
from bitcoincache_app.pipeline import Pipeline
from bitcoincache_app.ports import Hit, Lease, Miss, Token
from bitcoincache_app.script import Script
from bitcoincache_app.settings import Limits
from bitcoincache_app.steps import Steps
from bitcoincache_app.timing import spent
from bitcoincache_app.trust import Trust

_NO_VALUE: Final = b""
_PENDING, _GRANTED, _AWAITED = 0, 1, 2

_EMPTIED: Final = "UNSTAMPED"
_PASSING: Final = frozenset({_EMPTIED, "BUSY"})
"""Refusals that end by themselves, or are looked into anyway."""

_UNTRUSTED: Final = "No Redis that may be believed answers."

_GET: Final = b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n*2\r\n$4\r\nPTTL\r\n$%d\r\n%s\r\n"
"""Both at once: how long a value has left is part of the answer (Cache-Status, RFC 9211)."""


class RedisCache:
    """Implements ports.Cache, on the trusted Redis alone. Values live ``ttl`` seconds."""

    def __init__(self, pipeline: Pipeline, trust: Trust, steps: Steps, ttl: int, limits: Limits) -> None:
        self._pipeline = pipeline
        self._trust = trust
        self._steps = steps
        self._ttl = ttl * 1000
        self._lease_life = round(limits.lease * 1000)
        self._linger = round(limits.linger * 1000)
        prefix = secrets.token_hex(8)
        self._lease_ids = (f"{prefix}-{n}" for n in count())

    def peek(self, key: str, done: Callable[[Hit | None], None]) -> None:
        """What ``get`` gives, to a callback: None also where there is no telling. Makes no task."""
        epoch = self._epoch_here()
        if epoch is None:
            done(None)
            return

        def judge(replies: list[Any] | None) -> None:
            if replies is None or not self._trust.permits(epoch):
                done(None)
                return
            value, left = replies
            done(_hit(value, left) if isinstance(value, bytes) else None)

        self._pipeline.read(_get(key), 2, judge)

    async def get(self, key: str) -> Hit | None:
        epoch = self._trusted_here()
        if not self._trust.permits(epoch):
            raise CacheUnavailableError(_UNTRUSTED)
        with spent("redis"):
            value, left = await self._pipeline.exchange(_get(key), 2)
        return self._served(value, left, epoch) if value is not None else None

    async def lookup(self, key: str) -> Hit | Miss:
        lease = Lease(key, next(self._lease_ids))
        args = (lease.id, self._lease_life, self._linger)
        epoch = self._trusted_here()
        answer = await self._run(epoch, self._steps.lookup, [key, meta_key(key)], args)
        if answer[0] is not None:
            return self._served(answer[0], answer[1], epoch)
        verdict, *lingering = answer[1:]
        return Miss(
            lease if verdict == _GRANTED else None,
            awaited=verdict == _AWAITED,
            lingering=tuple(int(token) for token in lingering),
        )

    async def fill(self, lease: Lease, value: bytes | None) -> bool:
        args = (lease.id, self._ttl, value or _NO_VALUE)
        return bool(await self._run(self._trusted_here(), self._steps.fill, [lease.key, meta_key(lease.key)], args))

    async def announce(self, symbols: Sequence[str]) -> Token:
        epoch = self._trust.epoch
        if epoch is None or not epoch.open:
            raise CacheUnavailableError("It is not known yet which Redis can be used.")
        token = Token(secrets.randbits(62), epoch, tuple(symbols), announced=epoch.process is not None)
        if token.announced:
            try:
                # Nothing but the trusted process counts: another may carry the same stamp, copied with its data.
                keys = _written_keys(token.symbols)
                await self._run(self._trusted_here(), self._steps.announce, keys, (token.id,))
            except RedisRefusedError as error:
                if error.code not in _PASSING:
                    self._trust.distrust()
                raise
        return token

    async def publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        if token.announced:
            args: list[bytes | int] = [token.id, self._ttl, *(value or _NO_VALUE for value in values), _NO_VALUE]
            await self._run(token.epoch, self._steps.publish, _written_keys(token.symbols), args)

    async def forget(self, key: str, tokens: Sequence[int]) -> None:
        await self._run(self._trusted_here(), self._steps.forget, [key, meta_key(key)], tokens)

    async def evict(self, key: str) -> bool:
        return bool(await self._run(self._trusted_here(), self._steps.evict, [key], ()))

    def doubt(self) -> None:
        self._trust.wake()

    def _trusted_here(self) -> Epoch:
        """The epoch, if the pipeline leads to the process that it trusts. What is sent in this turn goes there."""
        epoch = self._epoch_here()
        if epoch is None:
            raise CacheUnavailableError(_UNTRUSTED)
        return epoch

    def _epoch_here(self) -> Epoch | None:
        epoch = self._trust.epoch
        if epoch is None or epoch.process is None or epoch.process != self._pipeline.process:
            return None
        return epoch

    async def _run(self, epoch: Epoch, script: Script, keys: Sequence[str], args: Sequence[bytes | str | int]) -> Any:
        try:
            with spent("redis"):
                return await self._pipeline.run_script(script, [STAMP_KEY, *keys], [epoch.stamp, *args])
        except RedisRefusedError as error:
            if error.code == _EMPTIED:
                self._trust.wake()
            raise

    def _served(self, value: bytes, left: int, asked_in: Epoch) -> Hit:
        """Judged when the reply has come: by then another Redis may be trusted."""
        if not self._trust.permits(asked_in):
            raise CacheUnavailableError(_UNTRUSTED)
        return _hit(value, left)


class RedisReach:
    """Implements trust.Reach."""

    def __init__(self, pipeline: Pipeline, steps: Steps) -> None:
        self._pipeline = pipeline
        self._steps = steps

    @property
    def process(self) -> str | None:
        return self._pipeline.process

    async def has_stamp(self, stamp: str) -> bool:
        found = await self._pipeline.execute("GET", STAMP_KEY)
        return isinstance(found, bytes) and found.decode() == stamp

    async def empty(self, process: str, stamp: str) -> None:
        if self._pipeline.process != process:
            raise CacheUnavailableError(_UNTRUSTED)
        await self._pipeline.run_script(self._steps.empty, [STAMP_KEY], [stamp])


@lru_cache(4096)
def _get(key: str) -> bytes:
    return _GET % (len(key), key.encode(), len(key), key.encode())


def _hit(value: bytes, left: int) -> Hit:
    return Hit(value, max(left, 0) // 1000)


def _written_keys(symbols: Sequence[str]) -> list[str]:
    """Whatever a write of these coins changes: each of them and the ranking, with its record."""
    values = [*map(coin_key, symbols), RANKING_KEY]
    return [key for value in values for key in (value, meta_key(value))]
