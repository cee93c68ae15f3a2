"""A round: clients on fresh keys, faults meanwhile, and the verdict on what the clients saw."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from consistency.clients import MIXED, Client, Mix
from consistency.cluster import Cluster
from consistency.faults.kinds import Fault
from consistency.journal import Journal
from consistency.linearizability import UndecidedError
from consistency.violations import Violation, violations
from support.chance import chance_of
from support.waiting import eventually

CLIENTS: Final = 12
KEYS: Final = 6
_RECENT: Final = 5_000_000_000
"""Nanoseconds before a violation in which a refused write is shown with it."""

WARM_UP: Final = 200
"""Operations before a fault begins."""


@dataclass(slots=True)
class Round:
    """``problems`` are why it shows nothing: a fault that did not happen, a cache that was not used."""

    name: str
    seed: int
    seconds: float = 0.0
    happened: list[str] = field(default_factory=list)
    hits: int = 0
    refused: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def operations(self) -> int:
        return self.outcomes.total()

    @property
    def passes(self) -> bool:
        return not self.violations and not self.problems


@dataclass(frozen=True, slots=True)
class Stage:
    """Where rounds are played: each on keys of its own.

    Clients take the replicas and the ``mixes`` in turn, and pause that many seconds between two requests.
    """

    cluster: Cluster
    mixes: Sequence[Mix] = (MIXED,)
    pause: float = 0.0
    generations: count[int] = field(default_factory=count)
    prices: count[int] = field(default_factory=lambda: count(1))

    async def play(self, name: str, faults: Sequence[Fault], operations: int, seed: int) -> Round:
        """Lasts until the faults are over, the cache is used again, and that many operations were done."""
        done = Round(name, seed)
        await self.record(Journal(), done, faults, operations)
        return done

    async def record(self, journal: Journal, done: Round, faults: Sequence[Fault], operations: int) -> None:
        """The same, for whoever wants the journal, too."""
        begin = time.monotonic()
        await self._watch(journal, done, faults, operations)
        done.seconds = time.monotonic() - begin
        done.hits, done.refused = len(journal.hits), journal.refused
        done.outcomes, done.reasons = journal.outcomes, journal.reasons
        # In a thread: the networks go on meanwhile.
        await asyncio.to_thread(_judge, journal, done)

    async def _watch(self, journal: Journal, done: Round, faults: Sequence[Fault], operations: int) -> None:
        chance = chance_of(done.seed)
        generation = next(self.generations)
        keys = [f"{chr(ord('A') + number)}{generation}" for number in range(KEYS)]
        await self._forget_other_coins(keys)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as clients:
            for number in range(CLIENTS):
                replica = self.cluster.replicas[number % len(self.cluster.replicas)]
                mix = self.mixes[number % len(self.mixes)]
                client = Client(
                    number,
                    replica.port,
                    keys=keys,
                    mix=mix,
                    pause=self.pause,
                    prices=self.prices,
                    chance=chance_of(chance.random()),
                    journal=journal,
                )
                clients.create_task(client.run(stop))
            try:
                await _until(lambda: journal.operations >= WARM_UP)
                outcomes = await asyncio.gather(
                    *(_happen(fault, self.cluster, keys, chance_of(chance.random())) for fault in faults),
                    return_exceptions=True,
                )
                await self._recover(journal, done)
                await _until(lambda: journal.operations >= operations)
            finally:
                stop.set()
        for outcome in outcomes:
            if isinstance(outcome, str):
                done.happened.append(outcome)
            else:
                done.problems.append(repr(outcome))

    async def _recover(self, journal: Journal, done: Round) -> None:
        """Until values come out of the cache again."""
        if not self.cluster.subject.tells_hits:
            return
        hits = len(journal.hits)
        try:
            await eventually(_soon(lambda: len(journal.hits) > hits + CLIENTS))
        except TimeoutError:
            done.problems.append("the cache was not used again within 30 s")

    async def _forget_other_coins(self, keys: Sequence[str]) -> None:
        """Those of earlier rounds, lest they fill the ranking's page. Past the service: nobody asks for them."""
        async with await self.cluster.sql() as connection:
            await connection.execute("DELETE FROM bitcoins WHERE symbol <> ALL(%s)", [list(keys)])


async def _happen(fault: Fault, cluster: Cluster, keys: Sequence[str], chance: random.Random) -> str:
    await asyncio.sleep(chance.random())
    return await fault(cluster, keys, chance)


async def _until(condition: Callable[[], bool]) -> None:
    await eventually(_soon(condition), patience=120.0)


def _soon(condition: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return condition()

    return holds


def _judge(journal: Journal, done: Round) -> None:
    with suppress(UndecidedError):
        done.violations = [_shown(violation, journal) for violation in violations(journal.history)]
        return
    done.problems.append("the history is too entangled for a verdict")


def _shown(violation: Violation, journal: Journal) -> str:
    """With what might have been done although it was answered that it was not."""
    begin = min(operation.invoked for operation in violation.operations)
    end = max(operation.returned or operation.invoked for operation in violation.operations)
    keys = {key for operation in violation.operations for key in operation.keys}
    denied = [
        f"  {(failure.invoked - begin) / 1e6:9.2f} to {(failure.returned - begin) / 1e6:9.2f} ms  said not to be done: "
        f"{failure.label} {failure.change.key} := {failure.change.value}: {failure.reason}"
        for failure in journal.failures
        if failure.change
        and failure.change.key in keys
        and failure.reason.startswith("503")
        and failure.invoked <= end
        and failure.returned >= begin - _RECENT
    ]
    return "\n".join([str(violation), *denied])
