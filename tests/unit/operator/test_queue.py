"""The schedule worked off by asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bitcoincache_operator.errors import OperatorError
from bitcoincache_operator.queue import WorkQueue
from bitcoincache_operator.schedule import Outcome, Pace

FAST = Pace(base=0.001, longest=0.002, resync=3600)


class Work:
    """Counts calls; each waits for the gate to be open."""

    def __init__(self, fails: int = 0) -> None:
        self.calls: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self._fails = fails

    async def __call__(self, key: str) -> Outcome:
        self.calls.append(key)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.gate.wait()
        self.at_once -= 1
        if len(self.calls) <= self._fails:
            raise OperatorError("not yet")
        return Outcome(exists=True)


async def running(queue: WorkQueue[str], test: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.create_task(queue.run())
    try:
        async with asyncio.timeout(10):
            await test()
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(check: Callable[[], bool]) -> None:
    while not check():  # noqa: ASYNC110 - the work itself knows of no event for it
        await asyncio.sleep(0)


async def test_a_key_is_worked_on_once_at_a_time_and_again_if_it_was_woken() -> None:
    work = Work()
    queue = WorkQueue(work, pace=FAST)

    async def test() -> None:
        queue.hasten("a")
        await until(lambda: work.calls == ["a"])
        queue.wake("a")
        queue.wake("a")
        work.gate.set()
        await until(lambda: work.calls == ["a", "a"] and work.at_once == 0)

    await running(queue, test)
    assert work.most_at_once == 1


async def test_many_keys_are_worked_on_at_once_up_to_a_bound() -> None:
    work = Work()
    queue = WorkQueue(work, parallel=3, pace=FAST)

    async def test() -> None:
        for key in "abcdef":
            queue.hasten(key)
        await until(lambda: work.at_once == 3)
        assert queue.depth() == 3
        work.gate.set()
        await until(lambda: len(work.calls) == 6)

    await running(queue, test)
    assert work.most_at_once == 3
    assert sorted(work.calls) == list("abcdef")


async def test_a_failing_key_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(fails=3)
    work.gate.set()
    queue = WorkQueue(work, pace=FAST)

    async def test() -> None:
        queue.hasten("a")
        await until(lambda: len(work.calls) == 4)

    await running(queue, test)
    assert caplog.text.count("not yet; trying again") == 3


async def test_a_bug_in_one_visit_does_not_end_the_others(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []

    async def work(key: str) -> Outcome:
        calls.append(key)
        if calls == ["bad"]:
            raise KeyError(key)
        return Outcome(exists=True)

    queue = WorkQueue(work, pace=FAST)

    async def test() -> None:
        queue.hasten("bad")
        await until(lambda: calls.count("bad") == 2)
        queue.hasten("good")
        await until(lambda: "good" in calls)

    await running(queue, test)
    assert "KeyError" in caplog.text


async def test_a_visit_that_hangs_is_given_up_and_tried_again() -> None:
    work = Work()
    queue = WorkQueue(work, pace=FAST, time_limit=0.01)

    async def test() -> None:
        queue.hasten("a")
        await until(lambda: len(work.calls) == 2)

    await running(queue, test)


async def test_a_key_that_is_gone_is_forgotten() -> None:
    calls: list[str] = []

    async def work(key: str) -> Outcome:
        calls.append(key)
        return Outcome(exists=False)

    queue = WorkQueue(work, pace=Pace(base=0, longest=0, resync=0))

    async def test() -> None:
        queue.hasten("gone")
        await until(lambda: calls == ["gone"])
        queue.hasten("another")
        await until(lambda: "another" in calls)

    await running(queue, test)
    assert calls == ["gone", "another"]


async def test_a_visit_that_knows_when_to_look_again_is_not_left_to_the_resync() -> None:
    calls: list[str] = []

    async def work(key: str) -> Outcome:
        calls.append(key)
        return Outcome(exists=True, again=0.01)

    queue = WorkQueue(work, pace=Pace(resync=3600))

    async def test() -> None:
        queue.hasten("waiting")
        await until(lambda: calls == ["waiting"] * 3)

    await running(queue, test)
