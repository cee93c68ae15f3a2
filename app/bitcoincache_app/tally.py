"""Hits and misses of all replicas together: each adds its own to the cache, once a second and not at every read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from bitcoincache_app.answers import Layer, Outcome, Read
from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.ports import CacheState, Clock, Reads, Records

PERIOD: Final = 1.0
"""Seconds."""


class Tally:
    """``outcomes`` is what this replica counts as it goes."""

    def __init__(self, records: Records, outcomes: Mapping[Read, int]) -> None:
        self._records = records
        self._outcomes = outcomes
        self._shared = Reads(0, 0)
        # What is being shared must be counted on one side, never on both or none.
        self._sharing = asyncio.Lock()

    async def report(self) -> tuple[CacheState | None, Reads]:
        """The cache's state, and the reads of all replicas, other ones' last second aside.

        Where the cache does not answer: None, and this replica's reads alone.
        """
        async with self._sharing:
            try:
                state = await self._records.state()
            except CacheUnavailableError:
                return None, self._own()
            return state, state.reads + self._own() - self._shared

    async def share(self) -> None:
        """Adds what is not shared yet. What can't be added now is added the next time."""
        async with self._sharing:
            own = self._own()
            if own == self._shared:
                return
            try:
                await self._records.add_reads(own - self._shared)
            except CacheUnavailableError:
                return
            self._shared = own

    async def keep_sharing(self, clock: Clock) -> None:
        """Until it is cancelled."""
        task = asyncio.current_task()
        # redis-py may lose the cancellation, as while it connects (8.1.0, on Python 3.11). It is still counted.
        while task is None or not task.cancelling():
            await clock.sleep(PERIOD)
            await self.share()

    def _own(self) -> Reads:
        def total(outcome: Outcome) -> int:
            return sum(self._outcomes.get((layer, outcome), 0) for layer in Layer)

        return Reads(total(Outcome.HIT), total(Outcome.STORED) + total(Outcome.MISS))
