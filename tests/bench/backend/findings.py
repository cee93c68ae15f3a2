"""Figures in words and tables, with the bounds that they are to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.backend import figures
from bench.backend.figures import OURS, THEIRS, spread
from bench.backend.priming import Primed
from bench.backend.rounds import Pair
from bench.backend.services import SERVICE_CORE
from bench.backend.workloads import Workload
from bench.report import Report

_MUCH: Final = 15
"""Per cent: more than interrupts take."""

_BUSY_MACHINE: Final = (
    "**The machine had other work to do: only the costs among these figures mean much. Measure again on an idle one.**"
)

Results = Mapping[Workload, Sequence[Pair]]
"""What counts: rounds in which nothing failed, at least one for each workload."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one service that has nothing to do, in MiB: resident, and in proportion where pages are shared."""

    service: str
    when: str
    resident: float
    proportional: float


def by_workload(pairs: Sequence[Pair]) -> tuple[Results, int]:
    """What counts, and how many rounds don't. Raises AssertionError where a workload has none that does."""
    valid = [pair for pair in pairs if not pair.is_void]
    results = {workload: [pair for pair in valid if pair.workload is workload] for workload in _workloads(pairs)}
    for workload, counted in results.items():
        assert counted, f"every round of {workload.name!r} was void: requests failed, or weren't answered by Redis"
    return results, len(pairs) - len(valid)


def rates(report: Report, results: Results) -> None:
    report.text("Requests per second and, round by round, their ratio: median (least to greatest).")
    head = ("", OURS, THEIRS, "ratio", "bound")
    report.table(
        head, [(workload.name, *_rates(pairs), f"{workload.bound:.1f}") for workload, pairs in results.items()]
    )


def latencies(report: Report, results: Results) -> None:
    report.text(
        "Latency in milliseconds: medians over the rounds, and of the ratio round by round. wrk's correction for "
        "requests that a slow answer kept it from sending is in them."
    )
    head = ("", f"p50 {OURS}", THEIRS, f"p99 {OURS}", THEIRS, "ratio of p99", "bound")
    report.table(head, [(workload.name, *_latencies(workload, pairs)) for workload, pairs in results.items()])


def cores(report: Report, results: Results) -> None:
    report.text(
        "What a request cost the service, in microseconds of its core; how much of the core it used; and how busy the "
        "other core was with PostgreSQL, Redis and wrk: where that is the full one, the service waits for them."
    )
    head = ("", f"cost {OURS}", THEIRS, f"core {OURS}", THEIRS, f"other core {OURS}", THEIRS)
    report.table(head, [(workload.name, *_cores(pairs)) for workload, pairs in results.items()])


def memory(report: Report, found: Sequence[Memory]) -> None:
    report.table(
        ("memory at rest", "resident", "proportional", "bound"),
        [
            (
                f"{state.service}, {state.when}",
                f"{state.resident:.0f} MiB",
                f"{state.proportional:.0f} MiB",
                "80 MiB" if state.service == OURS else "",
            )
            for state in found
        ],
    )


def priming(report: Report, found: Primed) -> None:
    report.table(
        (f"priming {found.rows:,} rows", "", "bound"),
        [
            ("peak of resident memory", f"{found.peak:.0f} MiB", "128 MiB"),
            ("rows per second, its start included", f"{found.rows / found.seconds:,.0f}", ""),
            ("seconds", f"{found.seconds:.0f}", ""),
            ("keys in Redis", f"{found.keys:,}", f"{found.rows:,}"),
        ],
    )


def disturbance(pairs: Sequence[Pair]) -> str:
    """What kept the services from their core."""
    samples = [sample for pair in pairs for sample in pair.samples.values()]
    stolen = spread([100 * sample.busy.stolen for sample in samples])
    foreign = spread([100 * (sample.busy.cores[SERVICE_CORE] - sample.used) for sample in samples])
    found = (
        f"While it was measured, the hypervisor took {stolen.text('.1f')} % of the machine, and interrupts and other "
        f"programs {foreign.text('.0f')} % of the service's core."
    )
    return f"{found} {_BUSY_MACHINE}" if foreign.median > _MUCH else found


def _workloads(pairs: Sequence[Pair]) -> list[Workload]:
    return list(dict.fromkeys(pair.workload for pair in pairs))


def _rates(pairs: Sequence[Pair]) -> tuple[str, ...]:
    ours, theirs = (figures.of(pairs, service, figures.rate) for service in (OURS, THEIRS))
    return ours.text(",.0f"), theirs.text(",.0f"), figures.ratios(pairs, figures.rate).text(".2f")


def _latencies(workload: Workload, pairs: Sequence[Pair]) -> tuple[str, ...]:
    medians = [
        f"{figures.of(pairs, service, figure).median:.2f}"
        for figure in (figures.p50, figures.p99)
        for service in (OURS, THEIRS)
    ]
    bound = "" if workload.p99_bound is None else f"{workload.p99_bound:.1f}"
    return *medians, figures.ratios(pairs, figures.p99).text(".2f"), bound


def _cores(pairs: Sequence[Pair]) -> tuple[str, ...]:
    costs = [f"{figures.of(pairs, service, figures.cost).median:.0f}" for service in (OURS, THEIRS)]
    parts = [
        f"{100 * figures.of(pairs, service, figure).median:.0f} %"
        for figure in (figures.used, figures.others)
        for service in (OURS, THEIRS)
    ]
    return *costs, *parts
