"""What the cache service answers, before it is made into HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How the cache took part in a read."""

    __hash__ = str.__hash__  # Enum's is Python's, and each hit is counted

    HIT = "hit"
    STORED = "stored"  # a miss, and cached now
    MISS = "miss"  # and not cached: a write or another reader was at it
    BYPASS = "bypass"  # the cache was not asked, or did not answer


class Layer(StrEnum):
    """What kind of value was read."""

    __hash__ = str.__hash__

    COIN = "coin"
    RANKING = "ranking"


Read = tuple[Layer, Outcome]
"""What reads are counted by."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a read gives: JSON ready to be sent, its entity tag, and, of a hit, the whole seconds it stays cached."""

    body: bytes
    tag: str
    outcome: Outcome
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a write gives: the coin's JSON, its entity tag, and whether the coin is new."""

    body: bytes
    tag: str
    created: bool
