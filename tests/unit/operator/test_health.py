"""``/healthz`` tells whether work is worked off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from prometheus_client import CollectorRegistry

from bitcoincache_operator.health import STALLED_SECONDS, serving
from bitcoincache_operator.queue import WorkQueue
from bitcoincache_operator.schedule import Outcome
from support.clock import FakeClock
from support.servers import free_port
from support.waiting import eventually


@asynccontextmanager
async def probed(queue: WorkQueue[str]) -> AsyncIterator[aiohttp.ClientSession]:
    port = free_port()
    async with (
        serving(port, CollectorRegistry(), queue.stalled_for),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


async def status(session: aiohttp.ClientSession) -> int:
    async with session.get("/healthz") as answer:
        return answer.status


class HeldUp:
    """A queue, worked on one at a time, whose visits end only when ``may_end`` lets one."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.may_end = asyncio.Semaphore(0)
        self.queue: WorkQueue[str] = WorkQueue(self._visit, parallel=1, clock=self.clock.monotonic)
        self._begun = 0

    async def _visit(self, _: str) -> Outcome:
        self._begun += 1
        await self.may_end.acquire()
        return Outcome(exists=True)

    async def begins(self, count: int) -> None:
        """Returns once so many visits have begun in all."""

        async def have_begun() -> bool:
            return self._begun >= count

        await eventually(have_begun)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[aiohttp.ClientSession]:
        async with probed(self.queue) as session:
            work = asyncio.create_task(self.queue.run())
            yield session
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


async def test_it_fails_while_work_stalls_and_holds_again_when_it_goes_on() -> None:
    held = HeldUp()
    async with held.at_work() as session:
        held.queue.wake("first")
        await held.begins(1)
        held.queue.wake("second")
        assert await status(session) == 200
        held.clock.time += STALLED_SECONDS + 1
        assert await status(session) == 503
        held.may_end.release()
        await held.begins(2)
        assert await status(session) == 200


async def test_it_holds_while_a_long_queue_is_worked_off_however_slowly() -> None:
    held = HeldUp()
    async with held.at_work() as session:
        for number in range(9):
            held.queue.wake(f"resource {number}")
        for number in range(1, 10):
            await held.begins(number)
            held.clock.time += STALLED_SECONDS / 3
            assert await status(session) == 200
            held.may_end.release()


async def test_it_holds_where_there_is_nothing_to_do_for_long() -> None:
    clock = FakeClock()

    async def visit(_: str) -> Outcome:
        return Outcome(exists=True)

    queue = WorkQueue(visit, clock=clock.monotonic)
    async with probed(queue) as session:
        clock.time += 10 * STALLED_SECONDS
        assert await status(session) == 200
