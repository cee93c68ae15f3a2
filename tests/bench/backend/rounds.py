"""Measuring by turns: each round asks both services for each workload, and which comes first changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench import usage
from bench.backend import state
from bench.backend.load import Load, load
from bench.backend.machine import Busy, Watch
from bench.backend.services import Service
from bench.backend.workloads import WORKLOADS, Workload

_WARM_UP: Final = 2
"""Seconds."""

_WARM_UP_RUNS: Final = 500
"""What their numbers begin with: a new symbol holds three digits of its run's number."""

_ALL: Final = 0.999
"""The part of the requests that must find their key in Redis where all can: others use it in the background, too."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One service under one workload. ``used`` is the part of a core that the service itself took."""

    load: Load
    used: float
    busy: Busy
    only_hits: bool

    def is_void(self, workload: Workload) -> bool:
        """Whether requests failed, or found something else than was to be measured."""
        return self.load.errors > 0 or (workload.only_hits and not self.only_hits)


@dataclass(frozen=True, slots=True)
class Pair:
    """Both services under one workload, one right after the other."""

    workload: Workload
    samples: Mapping[str, Sample]

    @property
    def is_void(self) -> bool:
        return any(sample.is_void(self.workload) for sample in self.samples.values())


async def measured(services: Sequence[Service], rounds: int, seconds: int) -> AsyncIterator[Pair]:
    """Each workload in each round, ``seconds`` for each service."""
    run = 0
    for number in range(rounds):
        for workload in WORKLOADS:
            # Both get the same requests, and never those of an earlier run.
            run += 1
            turns = services if number % 2 == 0 else services[::-1]
            yield Pair(workload, {service.name: await _sample(service, workload, run, seconds) for service in turns})


async def _sample(service: Service, workload: Workload, run: int, seconds: int) -> Sample:
    await state.restore(service, workload.coins)
    await asyncio.to_thread(load, service.port, workload.script, workload.coins, _WARM_UP_RUNS + run, _WARM_UP)
    with service.place.client() as redis:
        watch, cpu, hits, misses = Watch(), usage.cpu_seconds(service.pid), state.hits(redis), state.misses(redis)
        done = await asyncio.to_thread(load, service.port, workload.script, workload.coins, run, seconds)
        used = (usage.cpu_seconds(service.pid) - cpu) / done.seconds
        found, missed = state.hits(redis) - hits, state.misses(redis) - misses
    only_hits = found >= done.requests * _ALL and missed <= done.requests * (1 - _ALL)
    return Sample(done, used, watch.busy(), only_hits)
