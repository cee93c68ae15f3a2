"""``python -m consistency.soak``: every fault alone, then mixed, until there were enough operations; then the textbook.

Exit code 1 where ours fails, or the textbook does not.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, cycle, repeat, takewhile
from pathlib import Path
from typing import Final

from consistency.clients import MIXED, READING, Mix
from consistency.cluster import cluster
from consistency.faults import FAULTS, mixed
from consistency.faults.kinds import Kind
from consistency.report import Report, write
from consistency.rounds import Round, Stage
from consistency.subjects import Subject, ours, textbook
from support.chance import chance_of

ROUND: Final = 5_000
"""Operations of a round, at least."""

CLUSTERS: Final = 6
"""What two cores can bear: a round mostly waits for its networks and faults, and takes a third of one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen in a round, and how often clients do what, as a Stage has it."""

    kinds: Sequence[Kind]
    mixes: Sequence[Mix]

    async def play(self, stage: Stage, seed: int) -> Round:
        name = " + ".join(kind.name for kind in self.kinds) or "no fault"
        faults = [kind.fault for kind in self.kinds]
        return await replace(stage, mixes=self.mixes).play(name, faults, ROUND, seed)


def alone(replicas: int) -> list[Plan]:
    """No fault, and each by itself, both ways."""
    singly = [[], *([kind] for kind in FAULTS.values())]
    return [Plan(kinds, mixes) for mixes in _both_ways(replicas) for kinds in singly]


def mixtures(chance: random.Random, replicas: int) -> Iterator[Plan]:
    """Without end, both ways in turn."""
    return (Plan(mixed(chance), mixes) for mixes in cycle(_both_ways(replicas)))


def _both_ways(replicas: int) -> tuple[Sequence[Mix], Sequence[Mix]]:
    """All clients alike, and those of one replica only reading: it has nothing to do with writes, and hears of none."""
    return [MIXED], [READING, *[MIXED] * (replicas - 1)]


async def play(
    subject: Subject,
    plans: Iterable[Plan],
    report: Report,
    *,
    seed: int,
    replicas: int,
    clusters: int,
    keep: Callable[[], None],
) -> None:
    """Plan after plan, on as many clusters at once as there are to be. Whatever is added to the report is kept."""
    due = enumerate(plans, seed)
    chance = chance_of(seed)

    async def play_on_one(chance: random.Random) -> None:
        async with cluster(subject, chance, replicas) as whole:
            stage = Stage(whole)
            for number, plan in due:
                report.add(await plan.play(stage, number))
                keep()

    async with asyncio.TaskGroup() as group:
        for _ in range(clusters):
            group.create_task(play_on_one(chance_of(chance.random())))
    print(report.summary(), flush=True)


async def _run(arguments: argparse.Namespace) -> int:
    seed, replicas, clusters = arguments.seed, arguments.replicas, arguments.clusters
    service, yardstick = ours(), textbook()
    good, bad = Report(service.name), Report(yardstick.name)
    keep = partial(write, arguments.report, [good, bad])
    so_play = partial(play, seed=seed, replicas=replicas, clusters=clusters, keep=keep)
    more = takewhile(lambda _: good.operations < arguments.operations, mixtures(chance_of(seed), replicas))
    await so_play(service, chain(alone(replicas), more), good)
    # Without any fault, for jitter will do, but under the same load: it must not hide what is stale.
    await so_play(yardstick, repeat(Plan([], [MIXED]), clusters), bad)
    return 0 if good.passes and bad.violations else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m consistency.soak", description=__doc__)
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--clusters", type=int, default=CLUSTERS, help="of servers and replicas, to play on at once")
    parser.add_argument("--report", type=Path, default=Path("artifacts/soak.json"))
    # However it is ended, it stops the servers that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
