"""What the runs come to: the median, the worst, and whether the worst is within its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.page.runs import Run
from bench.page.vitals import SLOWER
from bench.report import Report

_INTERACTION_MS: Final = 200
_JAVASCRIPT_KB: Final = 120


@dataclass(frozen=True, slots=True)
class Figure:
    """``bound`` is empty where a figure is told and not judged."""

    name: str
    values: Sequence[float]
    unit: str = "ms"
    bound: str = ""
    holds: bool = True

    @property
    def row(self) -> tuple[str, str, str, str]:
        middle, worst = (f"{value:.0f} {self.unit}".strip() for value in (median(self.values), max(self.values)))
        return self.name, middle, worst, self.bound if self.holds else f"{self.bound}: missed"


def figures(runs: Sequence[Run], javascript_kb: float) -> list[Figure]:
    """What is judged is judged by the worst run."""
    longest = [max(run.scrolling, default=0) for run in runs]
    elsewhere = [run.elsewhere for run in runs]
    return [
        Figure("first rows are painted", [run.first_rows for run in runs]),
        Figure("all coins are loaded", [run.all_loaded for run in runs]),
        Figure("longest task over 50 ms while scrolling", longest, bound="none", holds=not any(longest)),
        *(_interaction(name, [run.interactions[name] for run in runs]) for name in runs[0].interactions),
        Figure("JavaScript", [javascript_kb], "kB", f"{_JAVASCRIPT_KB} kB", javascript_kb <= _JAVASCRIPT_KB),
        Figure("requests to other hosts", elsewhere, "", "none", not any(elsewhere)),
    ]


def conditions(report: Report, runs: int) -> None:
    report.text(
        "The built page on nginx with the operator's configuration, the backend, PostgreSQL and Redis on one machine; "
        f"{runs} runs, each with an empty browser cache, in Chromium at 1280 by 900. First the page loads; then the "
        f"wheel scrolls to the last coin and back; then, with the processor {SLOWER} times slower, each column is "
        "sorted by, a symbol is searched for letter by letter and taken back, and a price is edited in place. What is "
        "told of these is the time until the next paint by the Event Timing API, in steps of 8 ms, of the slowest of "
        "the step's interactions; less than 16 ms counts as 16. JavaScript is compressed by gzip."
    )


def table(report: Report, found: Sequence[Figure]) -> None:
    report.table(("", "median", "worst", "bound"), [figure.row for figure in found])


def _interaction(name: str, values: Sequence[float]) -> Figure:
    bound = f"below {_INTERACTION_MS} ms"
    return Figure(f"{name}, {SLOWER} times slower", values, bound=bound, holds=max(values) < _INTERACTION_MS)
