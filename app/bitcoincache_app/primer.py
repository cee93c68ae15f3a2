"""Priming on demand, beside the requests that are served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bitcoincache_app.ports import Clock, Filler, Store
from bitcoincache_app.priming import GENTLE, Priming, prime

_log = logging.getLogger(__name__)


class Primer:
    """One priming at a time, in the background. What becomes of it is in the log, and in what the cache tells."""

    def __init__(self, store: Store, filler: Filler, clock: Clock) -> None:
        self._store = store
        self._filler = filler
        self._clock = clock
        self._task: asyncio.Task[Priming] | None = None

    def begin(self) -> bool:
        """Whether a priming begins now: not while another is under way."""
        if self._task is not None and not self._task.done():
            return False
        self._task = asyncio.create_task(prime(self._store, self._filler, self._clock, GENTLE))
        self._task.add_done_callback(_tell)
        return True

    async def stop(self) -> None:
        """Give up what is under way. What it cached stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


@asynccontextmanager
async def open_primer(store: Store, filler: Filler, clock: Clock) -> AsyncIterator[Primer]:
    """No priming outlives it."""
    primer = Primer(store, filler, clock)
    try:
        yield primer
    finally:
        await primer.stop()


def _tell(task: asyncio.Task[Priming]) -> None:
    if task.cancelled():
        _log.info("priming was given up")
    elif (error := task.exception()) is not None:
        _log.error("priming failed", exc_info=error)
    else:
        _log.info("primed", extra={"rows": task.result().rows, "keys": task.result().keys})
