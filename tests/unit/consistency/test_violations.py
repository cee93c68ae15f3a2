"""What is shown of a wrong history: the part that is wrong, and no more."""

from __future__ import annotations

from consistency.history import Change, Operation, Value
from consistency.violations import violations
from support.chance import chance_of
from support.histories import has_an_order, random_history


def test_a_stale_read_is_shown_with_the_two_writes_that_make_it_stale() -> None:
    noise = [Operation(3, "read", time, time + 5, {"A": None}) for time in range(0, 90, 10)]
    stale = [
        Operation(1, "PUT", 100, 110, {}, Change("A", 7)),
        Operation(2, "PUT", 120, 130, {}, Change("A", 8)),
        Operation(1, "read", 140, 150, {"A": 7}),
    ]
    others = [Operation(4, "PUT", time, time + 30, {}, Change("B", time)) for time in range(10, 200, 10)]

    [violation] = violations([*noise, *stale, *others])

    assert violation.what == "coin A"
    assert violation.operations == stale
    assert str(violation).splitlines()[1:] == [
        "       0.00 to      0.00 ms  client  1  PUT      A := 7",
        "       0.00 to      0.00 ms  client  2  PUT      A := 8",
        "       0.00 to      0.00 ms  client  1  read     A = 7",
    ]


def test_a_stale_ranking_is_told_from_a_stale_coin() -> None:
    writes = [Operation(1, "PUT", 0, 1, {}, Change("A", 7)), Operation(1, "PUT", 0, 9, {}, Change("B", 8))]
    behind = Operation(2, "ranking", 2, 3, {"A": None, "B": None})
    ahead = Operation(3, "ranking", 4, 8, {"A": 7, "B": 8})
    back = Operation(3, "ranking", 10, 12, {"A": 7, "B": None})

    assert [violation.what for violation in violations([*writes, behind])] == ["coin A and its place in rankings"]
    assert [violation.what for violation in violations([*writes, ahead, back])] == ["coin B and its place in rankings"]


def test_rankings_that_contradict_each_other_are_shown_together() -> None:
    first: dict[str, Value] = {"A": 1, "B": None}
    second: dict[str, Value] = {"A": None, "B": 2}
    history = [
        Operation(1, "PUT", 0, 9, {}, Change("A", 1)),
        Operation(2, "PUT", 0, 9, {}, Change("B", 2)),
        Operation(3, "ranking", 1, 8, first),
        Operation(4, "ranking", 1, 8, second),
    ]

    [violation] = violations(history)

    assert (violation.what, list(violation.operations)) == ("rankings", history)


def test_what_is_shown_is_wrong_by_itself() -> None:
    chance = chance_of(9)
    shown = 0
    for _ in range(2_000):
        for violation in violations(random_history(chance)):
            shown += 1
            assert not has_an_order(list(violation.operations))
    assert shown > 100


def test_deletions_that_explain_nothing_are_not_shown() -> None:
    deletions = [Operation(5, "DELETE", time, time + 5, {}, Change("A", None)) for time in (0, 10, 200, 210)]
    stale = [
        Operation(1, "PUT", 100, 110, {}, Change("A", 7)),
        Operation(1, "read", 140, 150, {"A": None}),
    ]

    [violation] = violations([*deletions, *stale])

    assert violation.operations == stale
