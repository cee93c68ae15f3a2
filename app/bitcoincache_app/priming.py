"""Priming: every coin into the cache, by the protocol's own rule for filling."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_api.http import DEFAULT_LIMIT
from bitcoincache_app.ports import Clock, Filler, Primed, Store

_log = logging.getLogger(__name__)

PATIENCE: Final = 12.0
"""Seconds to go on trying a batch's coins that are being written: longer than a write takes, or a lease lasts."""

_PAUSE: Final = 0.05
_BETWEEN_REPORTS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to go: ``batch`` coins are leased or filled by one script, which keeps Redis from all others meanwhile.

    ``at_once`` batches are under way, and in memory.
    """

    batch: int
    at_once: int


FAST: Final = Pace(batch=500, at_once=3)
"""Store, cache and this process work at the same time. A script takes some milliseconds."""

GENTLE: Final = Pace(batch=50, at_once=1)
"""For a process that serves requests: none waits long for its turn, here or at Redis."""


@dataclass(frozen=True, slots=True)
class Priming:
    """How many coins there were, and how many of them were cached. Fewer keys: they are written without pause."""

    rows: int
    keys: int


async def prime(store: Store, filler: Filler, clock: Clock, pace: Pace = FAST) -> Priming:
    """Read every coin and the ranking afresh and cache them; never older than what a writer has stored.

    Goes through the table in batches, so memory does not grow with it. A coin whose lease can't be had, because it is
    being written or filled, by another priming for example, is tried again. Where the cache is smaller than the table
    it evicts earlier coins for later ones. Raises UnavailableError.
    """
    progress = _Progress(clock)
    batches = _Batches(store, pace.batch)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(pace.at_once):
                group.create_task(_prime_batches(batches, progress, store, filler, clock))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0]  # noqa: B904 - it has a cause of its own
    await _prime_ranking(store, filler, clock)
    progress.report()
    await filler.mark_primed(Primed(clock.now(), progress.keys))
    return Priming(progress.rows, progress.keys)


class _Batches:
    """The symbols of all coins, handed out to whoever asks next."""

    def __init__(self, store: Store, size: int) -> None:
        self._store = store
        self._size = size
        self._last = ""
        self._turn = asyncio.Lock()

    async def take(self) -> list[str]:
        """Empty at the end."""
        async with self._turn:
            symbols = await self._store.symbols_after(self._last, self._size)
            self._last = symbols[-1] if symbols else self._last
            return symbols


class _Progress:
    """What is done, told in the log from time to time."""

    def __init__(self, clock: Clock) -> None:
        self.rows = self.keys = 0
        self._clock = clock
        self._began = self._reported = clock.monotonic()

    def add(self, done: Priming) -> None:
        self.rows += done.rows
        self.keys += done.keys
        if self._clock.monotonic() - self._reported >= _BETWEEN_REPORTS:
            self.report()

    def report(self) -> None:
        self._reported = self._clock.monotonic()
        rate = round(self.rows / max(self._reported - self._began, 0.001))
        _log.info("priming", extra={"rows": self.rows, "keys": self.keys, "rows_per_second": rate})


async def _prime_batches(batches: _Batches, progress: _Progress, store: Store, filler: Filler, clock: Clock) -> None:
    task = asyncio.current_task()
    # redis-py may lose a cancellation, as Tally.keep_sharing tells. It is still counted.
    while (task is None or not task.cancelling()) and (symbols := await batches.take()):
        progress.add(await _prime_coins(symbols, store, filler, clock))


async def _prime_coins(symbols: Sequence[str], store: Store, filler: Filler, clock: Clock) -> Priming:
    keys = gone = 0
    left = list(symbols)
    give_up = clock.monotonic() + PATIENCE
    while True:
        leases = await filler.lease([coin_key(symbol) for symbol in left])
        leased = {symbol: lease for symbol, lease in zip(left, leases, strict=True) if lease}
        values = await store.get_many(list(leased))
        kept = await filler.fill_many([(lease, values.get(symbol)) for symbol, lease in leased.items()])
        done = {symbol for symbol, stored in zip(leased, kept, strict=True) if stored}
        keys += len(done & values.keys())
        gone += len(done - values.keys())
        left = [symbol for symbol in left if symbol not in done]
        if not left or clock.monotonic() > give_up:
            return Priming(len(symbols) - gone, keys)
        await clock.sleep(_PAUSE)


async def _prime_ranking(store: Store, filler: Filler, clock: Clock) -> None:
    give_up = clock.monotonic() + PATIENCE
    while clock.monotonic() <= give_up:
        [lease] = await filler.lease([RANKING_KEY])
        if lease:
            [stored] = await filler.fill_many([(lease, await store.ranking(DEFAULT_LIMIT, 0))])
            if stored:
                return
        await clock.sleep(_PAUSE)
    _log.warning("the ranking is written without pause: its first reader will cache it")
