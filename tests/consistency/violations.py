"""What is wrong with a history: which key, and the fewest operations that can't be explained, for people to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consistency.history import History, Operation, Value, view_of_key
from consistency.linearizability import impossible_operation


@dataclass(frozen=True, slots=True)
class Violation:
    """``operations`` have no explanation together; without any one of them they would have."""

    what: str
    operations: Sequence[Operation]

    def __str__(self) -> str:
        begin = min(operation.invoked for operation in self.operations)
        lines = [_line(operation, begin) for operation in sorted(self.operations, key=lambda item: item.invoked)]
        return "\n".join([f"{self.what}: no order explains these", *lines])


def violations(history: History) -> list[Violation]:
    """An empty list where the whole history, rankings included, is linearizable as one object.

    Else by the smallest part that shows it: each key by itself; where all are right, each key with what rankings said
    of it; where those are right, too, the rankings as moments of all keys. Raises UndecidedError.
    """
    if impossible_operation(history) is None:
        return []
    keys = sorted({key for operation in history for key in operation.keys})
    coins = [_violation(f"coin {key}", view_of_key(history, key, with_rankings=False)) for key in keys]
    if found := [violation for violation in coins if violation]:
        return found
    ranked = [
        _violation(f"coin {key} and its place in rankings", view_of_key(history, key, with_rankings=True))
        for key in keys
    ]
    if found := [violation for violation in ranked if violation]:
        return found
    return [violation for violation in [_violation("rankings", history)] if violation]


def _violation(what: str, history: History) -> Violation | None:
    last = impossible_operation(history)
    return None if last is None else Violation(what, _shrunk(history))


def _shrunk(history: History) -> History:
    """Leaves out as much as it can, in pieces that get smaller, while what is left is still impossible."""
    size = len(history)
    while size:
        start = 0
        while start < len(history):
            less = _without(history, start, start + size)
            if less is not None and impossible_operation(less) is not None:
                history = less
            else:
                start += size
        size = size // 2
    return _trimmed(history)


def _trimmed(history: History) -> History:
    """Without deletions that ended before all else began, or began after all else had ended: they explain nothing."""
    others = [operation for operation in history if operation.change is None or operation.change.value is not None]
    begin = min(operation.invoked for operation in others)
    end = max(operation.invoked if operation.returned is None else operation.returned for operation in others)
    return [
        operation
        for operation in history
        if operation in others
        or (operation.invoked <= end and (operation.returned is None or operation.returned >= begin))
    ]


def _without(history: History, start: int, end: int) -> History | None:
    """A part that is possible if the whole is: who saw a value is left out together with the write of it.

    One absence looks like another. So no deletion is left out while an absent coin is seen: there is no such part then.
    """
    kept = [*history[:start], *history[end:]]
    gone = _changes(history[start:end])
    while gone:
        orphans = [operation for operation in kept if gone & set(operation.expects.items())]
        if any(None in operation.expects.values() and _sees_absence(operation, gone) for operation in orphans):
            return None
        kept = [operation for operation in kept if operation not in orphans]
        gone = _changes(orphans)
    return kept


def _changes(history: History) -> set[tuple[str, Value]]:
    return {(operation.change.key, operation.change.value) for operation in history if operation.change}


def _sees_absence(operation: Operation, gone: set[tuple[str, Value]]) -> bool:
    return any(value is None and (key, None) in gone for key, value in operation.expects.items())


def _line(operation: Operation, begin: int) -> str:
    end = "    never" if operation.returned is None else f"{(operation.returned - begin) / 1e6:9.2f}"
    changed = f" := {_shown(operation.change.value)}" if operation.change else ""
    keys = ", ".join(f"{key} = {_shown(value)}" for key, value in operation.expects.items())
    return (
        f"  {(operation.invoked - begin) / 1e6:9.2f} to {end} ms  client {operation.client:2}  {operation.label:8} "
        f"{operation.change.key if operation.change else ''}{changed}{' where ' if keys and changed else ''}{keys}"
    )


def _shown(value: int | None) -> str:
    return "absent" if value is None else str(value)
