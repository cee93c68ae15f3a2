"""Works a schedule off: asyncio around ``schedule``."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

from bitcoincache_operator.errors import OperatorError, TransientError
from bitcoincache_operator.schedule import Outcome, Pace, Schedule

Key = TypeVar("Key", bound=Hashable)

_log: Final = logging.getLogger(__name__)


class WorkQueue(Generic[Key]):
    """Calls ``work`` for each key that is due: one call at a time for a key, up to ``parallel`` in all.

    A call tells of its outcome; a key that isn't there any more is forgotten. A call that raises, or takes longer than
    ``time_limit`` seconds, is made again after a backoff.
    """

    def __init__(
        self,
        work: Callable[[Key], Awaitable[Outcome]],
        *,
        parallel: int = 8,
        time_limit: float = 120.0,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work = work
        self._parallel = parallel
        self._time_limit = time_limit
        self._clock = clock
        self._schedule: Schedule[Key] = Schedule(pace or Pace(), lambda: random.uniform(0.8, 1.2))  # noqa: S311
        self._news = asyncio.Event()
        self._last_end = -math.inf

    def wake(self, key: Key) -> None:
        """Something around the key changed."""
        self._schedule.wake(key, self._clock())
        self._news.set()

    def hasten(self, key: Key) -> None:
        """The key itself changed."""
        self._schedule.hasten(key, self._clock())
        self._news.set()

    def depth(self) -> int:
        return self._schedule.depth(self._clock())

    def stalled_for(self) -> float:
        """Seconds for which keys have been due and no call has ended. A long queue isn't a stalled one."""
        now = self._clock()
        return min(self._schedule.longest_wait(now), now - self._last_end)

    async def run(self) -> None:
        """Works until it is cancelled, and then cancels what is under way."""
        slots = asyncio.Semaphore(self._parallel)
        async with asyncio.TaskGroup() as visits:
            while True:
                await slots.acquire()
                key = await self._next()
                visits.create_task(self._visit(key)).add_done_callback(lambda _: slots.release())

    async def _next(self) -> Key:
        while True:
            self._news.clear()
            key = self._schedule.take(self._clock())
            if key is not None:
                return key
            due = self._schedule.next_due()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - self._clock())):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _visit(self, key: Key) -> None:
        try:
            async with asyncio.timeout(self._time_limit):
                outcome = await self._work(key)
        except OperatorError as error:
            failed = self._schedule.failed_for_now if isinstance(error, TransientError) else self._schedule.failed
            _log.warning("%s; trying again in %.0f s", error, failed(key, self._clock()))
        except Exception:  # noqa: BLE001 - logged, and tried again
            # A bug in one visit must not end the others.
            _log.exception("the visit failed; trying again in %.0f s", self._schedule.failed(key, self._clock()))
        else:
            if outcome.exists:
                self._schedule.succeeded(key, self._clock(), outcome.again)
            else:
                self._schedule.gone(key, self._clock())
        finally:
            self._last_end = self._clock()
            self._news.set()
