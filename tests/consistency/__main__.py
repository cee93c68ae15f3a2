"""``python -m consistency``: put one service to the test, with faults of choice or none. Exit code 1 where it fails."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from consistency.clients import MIXED, READING
from consistency.cluster import cluster
from consistency.faults import FAULTS
from consistency.report import Report, write
from consistency.rounds import Stage
from consistency.subjects import ours, textbook, textbook_uncached
from support.chance import chance_of

_SUBJECTS = {"ours": ours, "textbook": textbook, "uncached": textbook_uncached}


async def _run(arguments: argparse.Namespace) -> int:
    subject = _SUBJECTS[arguments.subject]()
    report = Report(subject.name)
    faults = [FAULTS[name].fault for name in arguments.faults]
    name = " + ".join(arguments.faults) or "no fault"
    async with cluster(subject, chance_of(arguments.seed), arguments.replicas) as whole:
        stage = Stage(whole, mixes=(READING if arguments.read_only else MIXED, *[MIXED] * (arguments.replicas - 1)))
        for seed in range(arguments.seed, arguments.seed + arguments.rounds):
            report.add(await stage.play(name, faults, arguments.operations, seed))
    print(report.summary())
    if arguments.report:
        write(arguments.report, [report])
    return 0 if report.passes else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m consistency", description=__doc__)
    parser.add_argument("--subject", choices=_SUBJECTS, default="ours")
    parser.add_argument("--faults", nargs="*", default=[], choices=FAULTS, metavar="FAULT", help=", ".join(FAULTS))
    parser.add_argument("--operations", type=int, default=3_000, help="of a round, at least")
    parser.add_argument("--rounds", type=int, default=1, help="each with the next seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--read-only", action="store_true", help="the clients of the first replica only read")
    parser.add_argument("--report", type=Path, help="a file for the report as JSON")
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
