"""The backend beside the yardstick: the same work, on one core each, by turns. Bounds stand beside the figures.

PYTHONPATH=tests python -m bench.backend --backend PYTHON --yardstick BINARY [--rounds 5] [--seconds 8]
  [--prime-rows 1000000] [--data /dev/shm] [--report FILE]

The data of PostgreSQL and Redis is in memory by default: services then wait for the work that they cause and not for
a disk, whose pace changes from minute to minute. Both servers are configured as the operator does, fsync included.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bench import usage
from bench.backend import conditions, findings, machine
from bench.backend.figures import rate, ratios
from bench.backend.findings import Memory
from bench.backend.plot import plot
from bench.backend.priming import primed
from bench.backend.rounds import Pair, measured
from bench.backend.services import OTHER_CORE, Service
from bench.backend.stage import open_stage
from bench.report import Report
from support.waiting import eventually

_PICTURE: Final = "images/bench-backend.svg"
_REST: Final = 5.0
"""Seconds without requests before memory is looked at."""


@dataclass(frozen=True, slots=True)
class Options:
    backend: Path
    yardstick: Path
    rounds: int
    seconds: int
    prime_rows: int
    data: Path
    report: Path | None


def main() -> None:
    options = _options()
    assert OTHER_CORE in os.sched_getaffinity(0), "a core for the service and one for all else are needed"
    # And with it all that it starts, but for the services.
    os.sched_setaffinity(0, {OTHER_CORE})
    at_start = machine.load_averages()
    report = Report("The backend beside the yardstick")
    with open_stage(options.data) as stage:
        with stage.services(options.backend, options.yardstick) as services:
            pairs, memory = asyncio.run(_beside(services, options))
        results, void = findings.by_workload(pairs)
        conditions.head(report, options.rounds, options.seconds, options.data, void)
        report.text(_command(options))
        report.text(f"![Ratios to the yardstick]({_PICTURE})")
        findings.rates(report, results)
        findings.latencies(report, results)
        findings.cores(report, results)
        findings.memory(report, memory)
        if options.prime_rows:
            _say(f"{options.prime_rows} rows are primed")
            with stage.place("priming") as place:
                findings.priming(report, primed(options.backend, place, options.prime_rows))
    loads = f"load averages {at_start} at the start and {machine.load_averages()} at the end"
    conditions.alike(report, machine.python(options.backend))
    report.text(f"{machine.cores()}, {loads}. {findings.disturbance(pairs)}")
    report.write(options.report)
    if options.report is not None:
        picture = options.report.parent / _PICTURE
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text(plot({workload: ratios(counted, rate) for workload, counted in results.items()}), "utf-8")


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--yardstick", type=Path, required=True, help="the program that `hack/tools.sh yardstick` makes"
    )
    parser.add_argument(
        "--backend", type=Path, required=True, help="the Python of the environment that `hack/tools.sh backend` makes"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8, help="for each workload of each service in each round")
    parser.add_argument("--prime-rows", type=int, default=1_000_000, help="0 primes nothing")
    parser.add_argument("--data", type=Path, default=Path("/dev/shm"), help="where the servers keep their data")  # noqa: S108
    parser.add_argument("--report", type=Path)
    return Options(**vars(parser.parse_args()))


async def _beside(services: Sequence[Service], options: Options) -> tuple[list[Pair], list[Memory]]:
    for service in services:
        await _answering(service)
    memory = await _at_rest(services, "started")
    pairs = []
    async for pair in measured(services, options.rounds, options.seconds):
        pairs.append(pair)
        told = ", ".join(f"{name} {sample.load.rate:,.0f}/s" for name, sample in pair.samples.items())
        _say(f"{pair.workload.name}: {told}{' - void' if pair.is_void else ''}")
    return pairs, memory + await _at_rest(services, "after all rounds")


async def _answering(service: Service) -> None:
    async with aiohttp.ClientSession() as session:

        async def answers() -> bool:
            try:
                async with session.get(service.url) as answer:
                    return answer.ok
            except aiohttp.ClientError:
                return False

        await eventually(answers)


async def _at_rest(services: Sequence[Service], when: str) -> list[Memory]:
    await asyncio.sleep(_REST)
    return [
        Memory(service.name, when, usage.resident_mib(service.pid), usage.proportional_mib(service.pid))
        for service in services
    ]


def _command(options: Options) -> str:
    return (
        f"`make bench-backend BENCH_OPTIONS='--rounds {options.rounds} --seconds {options.seconds} "
        f"--prime-rows {options.prime_rows} --data {options.data}'`"
    )


def _say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


if __name__ == "__main__":
    main()
