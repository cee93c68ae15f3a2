"""What clients saw: operations on coins, with the time of their beginning and of their answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = int | None
"""A coin's price, written once in a run so that it tells which write it is of; None: there is no such coin."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an operation does to one key."""

    key: str
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One request. Times are nanoseconds of one monotonic clock.

    ``expects`` holds for each key the value that it saw, or that had to be there for it to be done; several keys are
    seen at the same moment. ``returned`` is None where nobody knows whether it was done: then it may have been, or will
    be at any time after ``invoked``, or never. Operations that surely did nothing and saw nothing are no part of a
    history.
    """

    client: int
    label: str
    invoked: int
    returned: int | None
    expects: Mapping[str, Value] = field(default_factory=dict)
    change: Change | None = None

    @property
    def observes(self) -> bool:
        """It changes nothing."""
        return self.change is None

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.expects) | ({self.change.key} if self.change else set())


History = Sequence[Operation]


def view_of_key(history: History, key: str, *, with_rankings: bool) -> list[Operation]:
    """The history of one key alone; what a ranking says of it counts as a read of it, or not at all."""
    return [
        operation if len(operation.expects) < 2 else _narrowed(operation, key)
        for operation in history
        if key in operation.keys and (with_rankings or len(operation.expects) < 2)
    ]


def _narrowed(ranking: Operation, key: str) -> Operation:
    return Operation(ranking.client, ranking.label, ranking.invoked, ranking.returned, {key: ranking.expects[key]})
