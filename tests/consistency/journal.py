"""What the clients of a round wrote down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from consistency.history import Change, Operation


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that surely did and saw nothing, says the service. Times are nanoseconds.

    ``change`` is what it would have done.
    """

    label: str
    invoked: int
    returned: int
    reason: str
    change: Change | None = None


@dataclass(slots=True)
class Journal:
    """``hits`` are the times, in nanoseconds, at which values out of the cache arrived.

    ``refused`` counts the attempts at which no replica listened: they are no operations.
    """

    history: list[Operation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    refused: int = 0

    @property
    def operations(self) -> int:
        return len(self.history) + len(self.failures)

    @property
    def outcomes(self) -> Counter[str]:
        """How many operations were done, surely failed, or are of unknown outcome."""
        unknown = sum(operation.returned is None for operation in self.history)
        return Counter(ok=len(self.history) - unknown, failed=len(self.failures), unknown=unknown)

    @property
    def reasons(self) -> Counter[str]:
        return Counter(f"{failure.label}: {failure.reason}" for failure in self.failures)
