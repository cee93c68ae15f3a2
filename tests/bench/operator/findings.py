"""Figures of the bench in words and tables, with the bounds that they are to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles
from typing import Final

from bench.operator.drift import Sample
from bench.operator.rest import Rest
from bench.report import Report

_GROUPINGS: Final[Mapping[str, Callable[[Sample], str]]] = {
    "fault": lambda sample: sample.fault,
    "kind": lambda sample: sample.plural,
}


def converged(report: Report, seconds: float, cpu: float, visits: float, writes: int) -> None:
    report.text(
        f"Created at once, all were Ready after {seconds:.0f} s, with {cpu:.0f} s of one core, {visits:.0f} visits and "
        f"{writes} writes of the operator. API server, etcd and the played controllers share the machine with it."
    )


def rest_table(report: Report, rest: Rest, empty: float) -> None:
    """``empty`` is the memory before the first resource."""
    each = max(rest.visits, 1.0)
    report.table(
        ("at rest", "", "bound"),
        [
            ("resident memory", f"{rest.resident:.0f} MiB", "200 MiB"),
            ("resident memory, highest so far", f"{rest.peak:.0f} MiB", "200 MiB"),
            ("resident memory before the first resource", f"{empty:.0f} MiB", ""),
            ("CPU, of one core", f"{100 * rest.cpu / rest.seconds:.2f} %", "3 %"),
            ("writes", str(rest.writes), "0"),
            ("visits, all of the resync", f"{rest.visits:.0f} in {rest.seconds:.0f} s", ""),
            ("reads for each", f"{rest.reads / each:.1f}", ""),
            ("CPU for each, if nothing else took any", f"{1000 * rest.cpu / each:.0f} ms", ""),
            ("watches begun anew", str(rest.watches), ""),
        ],
    )


def drift_table(report: Report, groups: Mapping[str, Sequence[Sample]]) -> None:
    """The first group is also told by fault and by kind."""
    rows = [_row(f"all, {group}", samples) for group, samples in groups.items()]
    few = next(iter(groups.values()))
    for title, part in _GROUPINGS.items():
        parts = {value: [sample for sample in few if part(sample) == value] for value in map(part, few)}
        rows += [_row(f"{title}: {value}", samples) for value, samples in sorted(parts.items())]
    report.text("Drift: from the request that does the harm until a watch shows the object as it was.")
    report.table(("bounds: median 1 s, p99 3 s", "samples", "median", "p99", "longest"), rows)


def _row(name: str, samples: Sequence[Sample]) -> tuple[str, ...]:
    seconds = [sample.seconds for sample in samples]
    p99 = quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else seconds[0]
    return name, str(len(seconds)), f"{median(seconds):.2f} s", f"{p99:.2f} s", f"{max(seconds):.2f} s"
