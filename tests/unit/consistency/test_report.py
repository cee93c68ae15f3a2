"""What is told of rounds, and which of them show nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from consistency.report import Report, describe, write
from consistency.rounds import Round


def right(seed: int = 1) -> Round:
    return Round("redis-killed", seed, 1.5, happened=["Redis killed"], hits=7, outcomes=Counter(ok=9, unknown=1))


def wrong() -> Round:
    return Round("no fault", 2, outcomes=Counter(ok=5), violations=["coin A: no order explains these\n ..."])


def idle() -> Round:
    return Round("values-evicted", 3, problems=["0 values evicted"])


def test_a_report_passes_where_all_its_rounds_show_that_nothing_is_wrong() -> None:
    report = Report("ours")
    report.add(right())
    assert report.passes
    assert report.summary() == "ours: 10 operations, 7 hits, 0 violations: passes"


def test_without_rounds_it_shows_nothing() -> None:
    assert not Report("ours").passes


def test_a_violation_fails_it_and_is_shown() -> None:
    report = Report("ours")
    for done in (right(), wrong()):
        report.add(done)
    assert not report.passes
    assert report.summary() == "ours: 15 operations, 7 hits, 1 violations: FAILS"
    assert describe(wrong()).splitlines()[0].endswith("1 VIOLATIONS")
    assert "no order explains these" in describe(wrong())


def test_a_round_whose_fault_did_not_happen_is_no_pass() -> None:
    report = Report("ours")
    report.add(idle())
    assert not report.passes
    assert describe(idle()).endswith("SHOWS NOTHING\n0 values evicted")


def test_everything_is_kept_as_json(tmp_path: Path) -> None:
    report = Report("ours")
    report.add(right(seed=4))
    write(tmp_path / "reports" / "soak.json", [report])
    [kept] = json.loads((tmp_path / "reports" / "soak.json").read_text("utf-8"))
    assert kept["subject"] == "ours"
    [done] = kept["rounds"]
    assert (done["seed"], done["outcomes"], done["happened"]) == (4, {"ok": 9, "unknown": 1}, ["Redis killed"])


def test_who_has_not_been_judged_yet_is_left_out(tmp_path: Path) -> None:
    report = Report("ours")
    report.add(right())
    write(tmp_path / "soak.json", [report, Report("textbook")])
    assert [kept["subject"] for kept in json.loads((tmp_path / "soak.json").read_text("utf-8"))] == ["ours"]
    assert [file.name for file in tmp_path.iterdir()] == ["soak.json"]
