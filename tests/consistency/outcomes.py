"""Which operations of a history were done at all, and by when: what unknown outcomes come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from consistency.history import History, Operation

_Written = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Duties:
    """``operations`` that are to be explained, and by when each was done; those without a deadline need not be."""

    operations: list[Operation]
    deadlines: Mapping[Operation, int]


def duties(history: History) -> Duties:
    """A write of unknown outcome was made by the time at which somebody who saw its value returned, if anybody did.

    One that nobody saw is left out. Deletions of unknown outcome stay, without a deadline.
    """
    deadlines = {operation: operation.returned for operation in history if operation.returned is not None}
    unknown = _unknown_writes(history)
    seen_by: defaultdict[_Written, list[Operation]] = defaultdict(list)
    for operation in deadlines:
        for written in _seen(operation):
            if written in unknown:
                seen_by[written].append(operation)
    # A write that was seen may have been done on a condition, and so have seen another one.
    open_ends = list(seen_by)
    while open_ends:
        written = open_ends.pop()
        write = unknown[written]
        deadline = min(deadlines[operation] for operation in seen_by[written])
        if deadlines.get(write, deadline + 1) <= deadline:
            continue
        deadlines[write] = deadline
        for earlier in _seen(write):
            if earlier in unknown:
                seen_by[earlier].append(write)
                open_ends.append(earlier)
    kept = [operation for operation in history if operation in deadlines or _deletes(operation)]
    return Duties(kept, deadlines)


def _unknown_writes(history: History) -> dict[_Written, Operation]:
    return {
        (operation.change.key, operation.change.value): operation
        for operation in history
        if operation.returned is None and operation.change is not None and operation.change.value is not None
    }


def _seen(operation: Operation) -> list[_Written]:
    return [(key, value) for key, value in operation.expects.items() if value is not None]


def _deletes(operation: Operation) -> bool:
    return operation.change is not None and operation.change.value is None
