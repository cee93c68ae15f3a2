from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bitcoincache_app.epochs import AWAY, Epoch
from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.ports import Ruling
from bitcoincache_app.trust import PERIOD, Trust
from support.clock import FakeClock
from support.waiting import eventually

TRUSTED = Epoch(7, "process", "stamp", open=True)


class LoneReplicasJudge:
    """Implements ports.Judge where there is one replica, and counts its looks."""

    def __init__(self) -> None:
        self.epoch = TRUSTED
        self.registered = False
        self.looks = 0

    async def renew(self) -> Ruling:
        self.looks += 1
        return Ruling(self.epoch, registered=self.registered, others={})

    async def register(self) -> None:
        self.registered = True

    async def hand_in(self) -> None:
        self.registered = False

    async def forget(self, replica: str, beat: int) -> None:
        raise AssertionError(replica, beat)

    async def clear(self, epoch: Epoch) -> None:
        raise AssertionError(epoch)

    async def suspend(self, epoch: Epoch) -> None:
        self.epoch = Epoch(epoch.number + 1, None, "", open=False)

    async def open(self, epoch: Epoch) -> None:
        self.epoch = Epoch(epoch.number, None, "", open=True)

    async def adopt(self, epoch: Epoch, process: str, stamp: str, empty: Callable[[], Awaitable[None]]) -> bool:
        raise AssertionError(epoch, process, stamp, empty)


class Redis:
    """Implements trust.Reach. ``answers`` or keeps whoever asks waiting in vain."""

    def __init__(self) -> None:
        self.answers = True
        self.process: str | None = "process"

    async def has_stamp(self, stamp: str) -> bool:
        if not self.answers:
            raise CacheUnavailableError("Redis does not answer.")
        return stamp == TRUSTED.stamp

    async def empty(self, process: str, stamp: str) -> None:
        raise AssertionError(process, stamp)


class Replica:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.judge = LoneReplicasJudge()
        self.redis = Redis()
        self.trust = Trust(self.judge, self.clock)

    async def look_after(self, seconds: float) -> None:
        """Lets that time pass, and the replica look."""
        self.clock.time += seconds
        looks = self.judge.looks
        self.trust.wake()

        async def has_looked() -> bool:
            return self.judge.looks > looks

        await eventually(has_looked)


@pytest.fixture
async def replica() -> AsyncIterator[Replica]:
    """It serves hits."""
    made = Replica()
    keeping = asyncio.create_task(made.trust.keep(made.redis))

    async def serves_hits() -> bool:
        return made.trust.serves_hits

    await eventually(serves_hits)
    yield made
    keeping.cancel()


async def test_one_look_that_misses_redis_costs_nothing(replica: Replica) -> None:
    replica.redis.answers = False
    await replica.look_after(PERIOD)
    replica.redis.answers = True
    await replica.look_after(PERIOD)
    assert replica.judge.epoch == TRUSTED
    assert replica.trust.serves_hits


async def test_a_redis_that_is_away_is_done_without(replica: Replica) -> None:
    replica.redis.process = None
    await replica.look_after(PERIOD)
    assert replica.judge.epoch == TRUSTED

    await replica.look_after(AWAY)

    async def writes_go_past_it() -> bool:
        return replica.judge.epoch == Epoch(TRUSTED.number + 1, None, "", open=True)

    await eventually(writes_go_past_it)
    assert not replica.judge.registered
    assert not replica.trust.serves_hits


async def test_who_hears_of_another_trusted_process_gets_time_to_reach_it(replica: Replica) -> None:
    replica.redis.answers = False
    await replica.look_after(PERIOD)
    replica.judge.epoch = Epoch(TRUSTED.number + 1, "another", "other stamp", open=True)
    await replica.look_after(AWAY)
    assert not replica.trust.is_isolated
    assert replica.judge.epoch.process == "another"
