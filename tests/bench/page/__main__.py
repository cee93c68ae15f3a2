"""The page with ten thousand coins, in Chromium, on the real backend. Exits with 1 where a bound is missed.

PYTHONPATH=tests python -m bench.page [--runs 5] [--coins 10000] [--report FILE]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.backend import machine
from bench.page import findings
from bench.page.bundle import javascript_kb
from bench.page.runs import Run, measured
from bench.page.stage import open_stage
from bench.report import Report


@dataclass(frozen=True, slots=True)
class Options:
    runs: int
    coins: int
    report: Path | None


def main() -> None:
    options = _options()
    at_start = machine.load_averages()
    runs: list[Run] = []
    with open_stage(options.coins) as stage:
        for run in measured(stage.address, options.coins, options.runs):
            runs.append(run)
            print(f"run {len(runs)} of {options.runs}: first rows after {run.first_rows:.0f} ms", flush=True)
        figures = findings.figures(runs, javascript_kb(stage.bundle))
    report = Report(f"The page with {options.coins:,} coins")
    findings.conditions(report, options.runs)
    report.text(f"`make bench-page BENCH_OPTIONS='--runs {options.runs} --coins {options.coins}'`")
    findings.table(report, figures)
    loads = f"load averages {at_start} at the start and {machine.load_averages()} at the end"
    report.text(f"{machine.cores()}, {loads}.")
    report.write(options.report)
    if missed := [figure.name for figure in figures if not figure.holds]:
        sys.exit(f"bounds are missed: {', '.join(missed)}")


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--coins", type=int, default=10_000)
    parser.add_argument("--report", type=Path)
    return Options(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
