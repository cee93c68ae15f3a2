"""``python -m consistency.soak``: every fault alone, then mixed, until there were enough operations; then the textbook.

Exit code 1 where ours fails, or the textbook does not.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final

from consistency.clients import MIXED, READING
from consistency.cluster import cluster
from consistency.faults import FAULTS, mixed
from consistency.faults.kinds import Kind
from consistency.report import Report, write
from consistency.rounds import Stage
from consistency.subjects import Subject, ours, textbook
from support.chance import chance_of

ROUND: Final = 5_000
"""Operations of a round, at least."""


def schedule(chance: random.Random) -> Iterator[list[Kind]]:
    """None, and each by itself, twice; and then mixtures without end."""
    for _ in range(2):
        yield []
        yield from ([kind] for kind in FAULTS.values())
    while True:
        yield mixed(chance)


async def soak(report: Report, subject: Subject, operations: int, seed: int, replicas: int) -> None:
    """At least that many operations, and each fault alone at least twice: once for a replica that is only read from.

    Such a replica has nothing to do with writes, and hears of none.
    """
    rounds = schedule(chance_of(seed))
    async with cluster(subject, chance_of(seed), replicas) as whole:
        stage = Stage(whole)
        stages = (stage, replace(stage, mixes=(READING, *[MIXED] * (replicas - 1))))
        alone = len(FAULTS) + 1
        for number in count():
            if number >= 2 * alone and report.operations >= operations:
                break
            kinds = next(rounds)
            name = " + ".join(kind.name for kind in kinds) or "no fault"
            report.add(
                await stages[number // alone % 2].play(name, [kind.fault for kind in kinds], ROUND, seed + number)
            )
    print(report.summary(), flush=True)


async def catch(report: Report, subject: Subject, seed: int) -> None:
    """Without any fault: jitter will do."""
    async with cluster(subject, chance_of(seed)) as whole:
        stage = Stage(whole)
        for number in range(3):
            report.add(await stage.play("no fault", [], ROUND, seed + number))
    print(report.summary(), flush=True)


async def _run(arguments: argparse.Namespace) -> int:
    service, yardstick = ours(), textbook()
    good, bad = Report(service.name), Report(yardstick.name)
    try:
        await soak(good, service, arguments.operations, arguments.seed, arguments.replicas)
        await catch(bad, yardstick, arguments.seed)
    finally:
        write(arguments.report, [good, bad])
    return 0 if good.passes and bad.violations else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m consistency.soak", description=__doc__)
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--report", type=Path, default=Path("artifacts/soak.json"))
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
