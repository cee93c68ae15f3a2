from __future__ import annotations

import asyncio

import pytest

from bitcoincache_app.patience import within


def stubborn(release: asyncio.Event) -> asyncio.Task[None]:
    """Goes on after it was cancelled, like psycopg with a server that is frozen."""

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await release.wait()

    return asyncio.create_task(work())


async def test_what_comes_in_time_is_given() -> None:
    assert await within(60, asyncio.create_task(asyncio.sleep(0, "done"))) == "done"


async def test_what_fails_in_time_raises() -> None:
    async def fail() -> None:
        raise KeyError("BTC")

    with pytest.raises(KeyError):
        await within(60, asyncio.create_task(fail()))


async def test_nobody_waits_for_a_task_that_was_given_up() -> None:
    release = asyncio.Event()
    task = stubborn(release)
    with pytest.raises(TimeoutError):
        await within(0.01, task)

    assert not task.done()
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_caller_that_is_cancelled_gives_the_task_up() -> None:
    release = asyncio.Event()
    task = stubborn(release)
    caller = asyncio.create_task(within(60, task))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert task.cancelling() == 1
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await task
