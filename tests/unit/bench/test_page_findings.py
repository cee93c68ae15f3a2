"""The bounds of the page's bench are kept by the worst run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.page.findings import figures
from bench.page.runs import Run

GOOD = Run(first_rows=300, all_loaded=900, scrolling=[], interactions={"search": 192}, elsewhere=0)


def missed(runs: Sequence[Run], javascript_kb: float = 120) -> list[str]:
    return [figure.name for figure in figures(runs, javascript_kb) if not figure.holds]


def test_what_is_within_every_bound_misses_none() -> None:
    assert missed([GOOD, GOOD]) == []


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        (Run(300, 900, [51], {"search": 16}, 0), "longest task over 50 ms while scrolling"),
        (Run(300, 900, [], {"search": 200}, 0), "search, 4 times slower"),
        (Run(300, 900, [], {"search": 16}, 1), "requests to other hosts"),
    ],
)
def test_one_bad_run_among_good_ones_misses_the_bound(bad: Run, name: str) -> None:
    assert missed([GOOD, bad, GOOD]) == [name]


def test_too_much_to_load_misses_the_bound() -> None:
    assert missed([GOOD], javascript_kb=120.1) == ["JavaScript"]
