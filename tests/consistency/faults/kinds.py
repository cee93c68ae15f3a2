"""What a fault is."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from consistency.cluster import Cluster

_PATIENCE: Final = 30.0

Keys = Sequence[str]
Fault = Callable[[Cluster, Keys, random.Random], Awaitable[str]]
"""Happens to a cluster with these coins, from its beginning to its end; returns what exactly happened.

Raises DidNotHappenError.
"""


class DidNotHappenError(Exception):
    """A fault left no trace, so that a test of it would show nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault, and to what it happens. What happens to different parts may happen at the same time."""

    name: str
    part: str
    fault: Fault


def to(part: str) -> Callable[[Fault], Kind]:
    """Makes a kind of fault of a function, by the function's name."""
    return lambda fault: Kind(fault.__name__.replace("_", "-"), part, fault)


def happened(times: int, what: str) -> str:
    """Raises DidNotHappenError."""
    if not times:
        raise DidNotHappenError(f"0 {what}")
    return f"{times} {what}"


async def last(begin: Callable[[], None], seconds: float, end: Callable[[], None]) -> None:
    """From its beginning to its end, which comes even where the test is broken off."""
    begin()
    try:
        await asyncio.sleep(seconds)
    finally:
        end()


class Traces:
    """How often something happened that a fault repeats."""

    def __init__(self) -> None:
        self.count = 0

    def for_seconds(self, seconds: float) -> Iterator[None]:
        """And while there are none, for half a minute at most: another fault may have left nothing to happen to."""
        begin = time.monotonic()
        while time.monotonic() < begin + seconds or (not self.count and time.monotonic() < begin + _PATIENCE):
            yield
