"""``/healthz`` tells whether work is worked off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

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


async def test_it_fails_while_work_stalls_and_holds_again_when_it_goes_on() -> None:
    clock, goes_on, visits = FakeClock(), asyncio.Event(), list[str]()

    async def visit(key: str) -> Outcome:
        visits.append(key)
        await goes_on.wait()
        return Outcome(exists=True)

    async def visited(count: int) -> bool:
        return len(visits) >= count

    queue = WorkQueue(visit, parallel=1, clock=clock.monotonic)
    async with probed(queue) as session:
        work = asyncio.create_task(queue.run())
        queue.wake("first")
        await eventually(lambda: visited(1))
        queue.wake("second")
        assert await status(session) == 200
        clock.time += STALLED_SECONDS + 1
        assert await status(session) == 503
        goes_on.set()
        await eventually(lambda: visited(2))
        assert await status(session) == 200
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_it_holds_while_a_long_queue_is_worked_off_however_slowly() -> None:
    clock, goes_on, visits = FakeClock(), asyncio.Semaphore(0), list[str]()

    async def visit(key: str) -> Outcome:
        visits.append(key)
        await goes_on.acquire()
        return Outcome(exists=True)

    async def begun(count: int) -> bool:
        return len(visits) >= count

    queue = WorkQueue(visit, parallel=1, clock=clock.monotonic)
    async with probed(queue) as session:
        work = asyncio.create_task(queue.run())
        for number in range(9):
            queue.wake(f"resource {number}")
        for number in range(1, 10):
            await eventually(partial(begun, number))
            clock.time += STALLED_SECONDS / 3
            assert await status(session) == 200
            goes_on.release()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_it_holds_where_there_is_nothing_to_do_for_long() -> None:
    clock = FakeClock()

    async def visit(_: str) -> Outcome:
        return Outcome(exists=True)

    queue = WorkQueue(visit, clock=clock.monotonic)
    async with probed(queue) as session:
        clock.time += 10 * STALLED_SECONDS
        assert await status(session) == 200
