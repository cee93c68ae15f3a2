"""What the backend's bench makes of its figures."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bench.backend import findings
from bench.backend.figures import OURS, THEIRS, Spread, rate, ratios, spread
from bench.backend.load import Load
from bench.backend.machine import Busy
from bench.backend.plot import plot
from bench.backend.rounds import Pair, Sample
from bench.backend.workloads import WORKLOADS

HIT, LIST, WRITE, *_ = WORKLOADS


def _sample(requests: int, errors: int = 0, *, only_hits: bool = True, used: float = 1.0) -> Sample:
    load = Load(requests=requests, seconds=2, bytes=1, errors=errors, p50=1, p99=2, longest=3)
    return Sample(load, used, Busy({0: 1.0, 1: 0.5}, 0.0), only_hits)


def _pair(ours: Sample, theirs: Sample) -> Pair:
    return Pair(HIT, {OURS: ours, THEIRS: theirs})


def test_a_spread_is_the_median_between_its_extremes() -> None:
    assert spread([3.0, 1.0, 2.0]).text(".1f") == "2.0 (1.0 to 3.0)"


def test_ratios_are_taken_round_by_round() -> None:
    # Of the medians it would be 1.
    pairs = [_pair(_sample(100), _sample(100)), _pair(_sample(200), _sample(50)), _pair(_sample(300), _sample(200))]
    assert ratios(pairs, rate) == Spread(1.5, 1.0, 4.0)  # of the medians it would be 2


def test_a_round_with_errors_or_misses_counts_for_neither_service() -> None:
    good = _pair(_sample(200), _sample(100))
    failed = _pair(_sample(1000), _sample(100, errors=1))
    missed = _pair(_sample(1000, only_hits=False), _sample(100))
    results, void = findings.by_workload([good, failed, missed])
    assert results == {HIT: [good]}
    assert void == 2


def test_a_workload_that_never_succeeded_is_no_figure() -> None:
    with pytest.raises(AssertionError, match="hit by symbol"):
        findings.by_workload([_pair(_sample(200), _sample(100, errors=1))])


def test_a_report_of_a_busy_machine_says_so() -> None:
    quiet = [_pair(_sample(200, used=0.95), _sample(100, used=0.9))]
    busy = [_pair(_sample(200, used=0.6), _sample(100, used=0.5))]
    assert "other work" not in findings.disturbance(quiet)
    assert "other work" in findings.disturbance(busy)


def test_the_picture_shows_which_bounds_are_missed() -> None:
    kept, missed = Spread(2.4, 2.2, 2.5), Spread(5.9, 5.8, 6.1)
    picture = ET.fromstring(plot({HIT: kept, LIST: missed}))  # noqa: S314 - made here
    bars = [bar.attrib for bar in picture.iter("{http://www.w3.org/2000/svg}rect")]
    assert bars[0]["fill"] != bars[1]["fill"]
    assert float(bars[0]["width"]) < float(bars[1]["width"])
    assert {"hit by symbol", "2.40", "5.90"} <= {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
