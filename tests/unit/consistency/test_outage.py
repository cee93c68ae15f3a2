"""Figures of an outage, from what clients wrote down."""

from __future__ import annotations

from typing import Final

from consistency.history import Change, Operation
from consistency.journal import Failure, Journal
from consistency.outage import figures
from consistency.rounds import Round

SECOND: Final = 1_000_000_000
BEGIN: Final = 100 * SECOND
END: Final = 110 * SECOND


def read(at: float, took: float) -> Operation:
    invoked = round(at * SECOND)
    return Operation(1, "read", invoked, invoked + round(took * SECOND), {"A": None})


def put(at: float) -> Operation:
    return Operation(2, "PUT", round((at - 0.1) * SECOND), round(at * SECOND), {}, Change("A", round(at * 10)))


def test_reads_are_told_apart_by_when_they_were_under_way() -> None:
    journal = Journal(
        [*(read(90, 0.002) for _ in range(100)), *(read(105, 0.008) for _ in range(99)), read(109.9, 0.5)]
    )
    found = figures(journal, Round("dead", 1), BEGIN, END)
    assert (found.p99_before, found.median_during) == (2.0, 8.0)
    assert 8.0 < found.p99_during <= 500.0
    assert found.reads == 100


def test_the_longest_pause_of_writes_counts_from_the_beginning_and_to_the_end() -> None:
    reads = [read(90, 0.1), read(91, 0.1), read(105, 0.1), read(106, 0.1)]
    late = figures(Journal([*reads, put(99), put(102.5), put(103), put(109)]), Round("dead", 1), BEGIN, END)
    assert (late.writes, late.longest_pause_of_writes) == (3, 6.0)
    never = figures(Journal([*reads, put(99), put(111)]), Round("dead", 1), BEGIN, END)
    assert (never.writes, never.longest_pause_of_writes) == (0, 10.0)


def test_failures_count_while_it_lasts_and_hits_after_it() -> None:
    journal = Journal([read(90, 0.1), read(91, 0.1), read(105, 0.1), read(106, 0.1)])
    journal.failures = [
        Failure("read", 104 * SECOND, 105 * SECOND, "503"),
        Failure("ranking", 98 * SECOND, 101 * SECOND, "503"),
        Failure("PUT", 104 * SECOND, 105 * SECOND, "503"),
        Failure("read", 120 * SECOND, 121 * SECOND, "503"),
    ]
    journal.hits = [105 * SECOND, 113 * SECOND, 114 * SECOND]
    found = figures(journal, Round("dead", 1), BEGIN, END)
    assert (found.failed_reads, found.hits_again_after) == (2, 3.0)
    journal.hits = []
    assert figures(journal, Round("dead", 1), BEGIN, END).hits_again_after is None
