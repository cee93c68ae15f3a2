"""Figures of the bench as tables, with the bounds that they are to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median, quantiles

from bench.operator.drift import Sample
from bench.operator.report import Report


def rest_table(report: Report, rest: Mapping[str, float], at_start: float) -> None:
    seconds, visits = rest["seconds"], rest["visits"]
    report.table(
        ("at rest", "", "bound"),
        [
            ("resident memory", f"{rest['resident']:.0f} MiB", "200 MiB"),
            ("resident memory, peak so far", f"{rest['peak']:.0f} MiB", ""),
            ("resident memory before the first resource", f"{at_start:.0f} MiB", ""),
            ("CPU, of one core", f"{100 * rest['cpu'] / seconds:.2f} %", "3 %"),
            ("writes", f"{rest['writes']:.0f}", "0"),
            ("visits of the resync", f"{visits:.0f} in {seconds:.0f} s", ""),
            ("reads for each", f"{rest['reads'] / visits:.1f}" if visits else "", ""),
            ("CPU for each, if nothing else took any", f"{1000 * rest['cpu'] / visits:.0f} ms" if visits else "", ""),
            ("watches begun anew", f"{rest['watches']:.0f}", ""),
        ],
    )


def drift_table(report: Report, groups: Mapping[str, Sequence[Sample]]) -> None:
    rows = []
    for group, samples in groups.items():
        rows.append(_row(f"all, {group}", samples, "median 1 s, p99 3 s"))
    few = next(iter(groups.values()))
    for title, part in (("fault", lambda sample: sample.fault), ("kind", lambda sample: sample.plural)):
        for value in sorted({part(sample) for sample in few}):
            rows.append(_row(f"{title}: {value}", [sample for sample in few if part(sample) == value], ""))
    report.table(("drift repaired", "samples", "median", "p99", "longest", "bound"), rows)


def _row(name: str, samples: Sequence[Sample], bound: str) -> tuple[str, ...]:
    seconds = [sample.seconds for sample in samples]
    p99 = quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else seconds[0]
    return name, str(len(seconds)), f"{median(seconds):.2f} s", f"{p99:.2f} s", f"{max(seconds):.2f} s", bound
