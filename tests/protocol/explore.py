"""Exhaustive search, as model checkers do it: every state that can be reached, each visited once, nearest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

_S = TypeVar("_S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Search(Generic[_S]):
    """``trace``: the steps to the nearest wrong state, each with the state that it leads to; None where none is wrong.

    ``states``: how many were visited. All that can be reached, if none is wrong.
    """

    states: int
    trace: tuple[tuple[str, _S], ...] | None

    def told(self) -> str:
        if self.trace is None:
            return f"{self.states} states, never stale"
        return f"{self.states} states, stale after: {', '.join(step for step, _ in self.trace)}"


def explore(start: _S, steps: Callable[[_S], Iterable[tuple[str, _S]]], is_wrong: Callable[[_S], bool]) -> Search[_S]:
    """``steps`` gives the steps that are possible in a state, by name, and the state that each leads to."""
    came_from: dict[_S, tuple[str, _S] | None] = {start: None}
    frontier = deque([start])
    while frontier:
        state = frontier.popleft()
        for step, following in steps(state):
            if following not in came_from:
                came_from[following] = step, state
                if is_wrong(following):
                    return Search(len(came_from), _trace(following, came_from))
                frontier.append(following)
    return Search(len(came_from), None)


def _trace(wrong: _S, came_from: dict[_S, tuple[str, _S] | None]) -> tuple[tuple[str, _S], ...]:
    steps: list[tuple[str, _S]] = []
    state = wrong
    while (origin := came_from[state]) is not None:
        step, earlier = origin
        steps.append((step, state))
        state = earlier
    return tuple(reversed(steps))
