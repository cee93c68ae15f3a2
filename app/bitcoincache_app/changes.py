"""What writes ask for, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Create:
    """Make a coin that is not there."""

    symbol: str
    price: int


@dataclass(frozen=True, slots=True)
class Put:
    """Set a coin's price, whether it is there or not."""

    symbol: str
    price: int


@dataclass(frozen=True, slots=True)
class Update:
    """Set the price of a coin that is of one of these versions; None: of any."""

    symbol: str
    price: int
    versions: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a coin that is of one of these versions; None: of any."""

    symbol: str
    versions: tuple[int, ...] | None


Change = Create | Put | Update | Delete


@dataclass(frozen=True, slots=True)
class Changed:
    """The coin's JSON as it is now, None where it was deleted, and whether it is new."""

    body: bytes | None
    created: bool = False


def go_together(first: Change, other: Change) -> bool:
    """Whether one statement can make both: changes without conditions, of one kind, and of different coins."""
    if isinstance(first, (Update, Delete)):
        return False
    return type(first) is type(other) and first.symbol != other.symbol
