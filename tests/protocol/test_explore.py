from __future__ import annotations

from collections.abc import Iterator

from protocol.explore import explore


def _next(number: int) -> Iterator[tuple[str, int]]:
    """Numbers below ten, upwards: a graph whose paths meet again."""
    for step in (1, 2, 3):
        if number + step < 10:
            yield f"+{step}", number + step


def test_each_state_is_visited_once() -> None:
    search = explore(0, _next, lambda _: False)
    assert (search.states, search.trace) == (10, None)


def test_the_trace_leads_to_the_nearest_wrong_state_on_the_shortest_way() -> None:
    search = explore(0, _next, lambda number: number in {5, 9})
    assert search.trace == (("+2", 2), ("+3", 5))
    assert search.told() == f"{search.states} states, stale after: +2, +3"
