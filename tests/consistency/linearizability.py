"""Is there one order of all operations, in keeping with real time, that explains what each of them saw?

Linearizability (Herlihy and Wing 1990) of a register for each key, together with snapshots of several keys, as one
object. Decided by the just-in-time search of Lowe ("Testing for linearizability", 2016): it goes through invocations
and returns in the order of time with the set of all configurations that are possible so far (the value of each key, and
which of the pending operations were done). An operation is done at its return at the latest, no earlier than needed.

What makes a million operations feasible, and changes no verdict:

- An operation that only observes is done as soon as it sees what it saw: being done changes nothing.
- A written value is unique. So one that is still to be seen can't be overwritten: it would never come back.
- Where no snapshot is pending, operations on other keys than that of the one that returns can wait: they commute.
- A configuration that has used up fewer deletions of unknown outcome, all else being equal, leaves more ways to go on.
- A write of unknown outcome whose value nobody saw might as well not have been made; one that somebody saw was made by
  the time at which that one returned. Deletions of unknown outcome are kept for as long as an absent coin is yet seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from consistency.history import Change, History, Operation, Value
from consistency.outcomes import Duties, duties

MOST_CONFIGURATIONS: Final = 20_000

_State = tuple[Value, ...]
_Configuration = tuple[_State, int]
_Seen = tuple[int, Value]


class UndecidedError(Exception):
    """The history has more possible configurations than memory and patience: no verdict."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A pending operation, in terms of bits and indices. ``optional``: it may as well never be done."""

    operation: Operation
    bit: int
    expects: tuple[tuple[int, Value], ...]
    index: int | None
    value: Value
    optional: bool


def impossible_operation(history: History) -> Operation | None:
    """None where the history is linearizable; else the operation by whose return it can no longer be.

    Every key is absent in the beginning. Raises UndecidedError.
    """
    search = _Search(duties(history), sorted({key for operation in history for key in operation.keys}))
    for _, returns, operation in _events(search.duties):
        if not returns:
            search.invoke(operation)
        elif not search.finish(operation):
            return operation
    return None


def _events(duties: Duties) -> Iterator[tuple[int, bool, Operation]]:
    invocations = [(operation.invoked, False, operation) for operation in duties.operations]
    returns = [(deadline, True, operation) for operation, deadline in duties.deadlines.items()]
    # At the same time they overlap: the invocation comes first.
    return iter(sorted([*invocations, *returns], key=lambda event: event[:2]))


class _Search:
    def __init__(self, duties: Duties, keys: Iterable[str]) -> None:
        self.duties = duties
        self._index: Mapping[str, int] = {key: index for index, key in enumerate(keys)}
        self._frontier: set[_Configuration] = {((None,) * len(self._index), 0)}
        self._pending: dict[Operation, _Step] = {}
        self._free_bits: list[int] = []
        self._bits = 0
        # Who is still to see a value, by (index of its key, value): those to come, and the bits of those pending.
        self._to_come = Counter(seen for operation in duties.deadlines for seen in self._sees(operation))
        self._waiting: defaultdict[_Seen, int] = defaultdict(int)
        self._snapshots = 0

    def invoke(self, operation: Operation) -> None:
        step = self._step(operation)
        if step.optional and not self._absence_is_seen(step.index):
            return
        self._pending[operation] = step
        for seen in self._sees(operation):
            self._to_come[seen] -= 1
            self._waiting[seen] |= step.bit
        if operation.observes:
            if len(step.expects) > 1:
                self._snapshots |= step.bit
            self._frontier = {(state, self._absorb(state, done, [step])) for state, done in self._frontier}

    def finish(self, operation: Operation) -> bool:
        """Whether any configuration is left in which it was done."""
        if operation not in self._pending:
            return False  # its value was seen before it began
        step = self._pending[operation]
        frontier: set[_Configuration] = set()
        for state, done in self._frontier:
            if done & step.bit:
                frontier.add((state, done))
            else:
                frontier |= self._completions(state, done, step)
        self._frontier = self._undominated(frontier)
        if len(self._frontier) > MOST_CONFIGURATIONS:
            raise UndecidedError(f"more than {MOST_CONFIGURATIONS} configurations")
        for seen in self._sees(operation):
            self._waiting[seen] &= ~step.bit
        self._forget([step])
        self._forget(
            [other for other in self._pending.values() if other.optional and not self._absence_is_seen(other.index)]
        )
        return bool(self._frontier)

    def _undominated(self, frontier: set[_Configuration]) -> set[_Configuration]:
        """Without those that differ from another one only in optional operations that they have used up."""
        optional = sum(step.bit for step in self._pending.values() if step.optional)
        if not optional:
            return frontier
        least: defaultdict[_Configuration, list[int]] = defaultdict(list)
        for state, done in frontier:
            used, others = done & optional, least[state, done & ~optional]
            if not any(other & used == other for other in others):
                others[:] = [used, *(other for other in others if other & used != used)]
        return {(state, done | used) for (state, done), alternatives in least.items() for used in alternatives}

    def _completions(self, state: _State, done: int, goal: _Step) -> set[_Configuration]:
        """The configurations in which the goal was just done, and before it whatever else may matter to somebody."""
        found: set[_Configuration] = set()
        seen = {(state, done)}
        open_ends = [(state, done)]
        observers = [step for step in self._pending.values() if step.index is None]
        while open_ends:
            state, done = open_ends.pop()
            for step in self._candidates(state, done, goal):
                assert step.index is not None
                after = (*state[: step.index], step.value, *state[step.index + 1 :])
                configuration = (after, self._absorb(after, done | step.bit, observers))
                if configuration[1] & goal.bit:
                    found.add(configuration)
                elif configuration not in seen:
                    seen.add(configuration)
                    open_ends.append(configuration)
        return found

    def _candidates(self, state: _State, done: int, goal: _Step) -> Iterator[_Step]:
        """Pending changes that could be done now and that could matter."""
        everything = bool(self._snapshots & ~done)
        indices = {goal.index} | {index for index, _ in goal.expects}
        deleted: set[int] = set()
        for step in self._pending.values():
            if step.index is None or done & step.bit or not (everything or step.index in indices):
                continue
            if step.optional:
                # One is as good as another, and none is needed where there is nothing.
                if state[step.index] is None or step.index in deleted:
                    continue
                deleted.add(step.index)
            if _holds(state, step.expects) and not self._is_awaited(step.index, state[step.index], done | step.bit):
                yield step

    def _is_awaited(self, index: int, value: Value, done: int) -> bool:
        """Whether somebody has yet to see this value, which would never come back."""
        if value is None:
            return False
        seen = (index, value)
        return bool(self._to_come[seen] or self._waiting[seen] & ~done)

    def _absence_is_seen(self, index: int | None) -> bool:
        assert index is not None
        return bool(self._to_come[index, None] or self._waiting[index, None])

    @staticmethod
    def _absorb(state: _State, done: int, observers: Iterable[_Step]) -> int:
        for step in observers:
            if not done & step.bit and _holds(state, step.expects):
                done |= step.bit
        return done

    def _step(self, operation: Operation) -> _Step:
        if not self._free_bits:
            self._free_bits.append(1 << self._bits)
            self._bits += 1
        change = operation.change or Change("", None)
        return _Step(
            operation,
            self._free_bits.pop(),
            tuple((self._index[key], value) for key, value in operation.expects.items()),
            self._index.get(change.key),
            change.value,
            optional=operation not in self.duties.deadlines,
        )

    def _forget(self, steps: Iterable[_Step]) -> None:
        mask = 0
        for step in steps:
            del self._pending[step.operation]
            self._free_bits.append(step.bit)
            mask |= step.bit
        if mask:
            self._snapshots &= ~mask
            self._frontier = {(state, done & ~mask) for state, done in self._frontier}

    def _sees(self, operation: Operation) -> Iterator[_Seen]:
        return ((self._index[key], value) for key, value in operation.expects.items())


def _holds(state: _State, expects: Iterable[tuple[int, Value]]) -> bool:
    return all(state[index] == value for index, value in expects)
