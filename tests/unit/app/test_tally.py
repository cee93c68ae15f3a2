from __future__ import annotations

import asyncio

from bitcoincache_app.answers import Layer, Outcome
from bitcoincache_app.ports import CacheState, Reads
from bitcoincache_app.tally import Tally
from support.clock import FakeClock


class DeafRecords:
    """Implements ports.Records, and loses the cancellation of whoever waits for it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def add_reads(self, reads: Reads) -> None:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return

    async def state(self) -> CacheState:
        raise AssertionError


class YieldingClock(FakeClock):
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        await super().sleep(seconds)


async def test_sharing_ends_though_its_cancellation_is_lost() -> None:
    records = DeafRecords()
    sharing = asyncio.create_task(Tally(records, {(Layer.COIN, Outcome.HIT): 1}).keep_sharing(YieldingClock()))
    await records.asked.wait()
    sharing.cancel()
    async with asyncio.timeout(10):
        await sharing
