"""What is measured, and what must show: ratios to the yardstick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Workload:
    """``script`` names a Lua file of this folder. ``only_hits``: Redis has what each of its requests asks for.

    ``bound`` is the least ratio of requests per second, ``p99_bound`` the greatest ratio of 99th percentiles.
    """

    name: str
    script: str
    coins: int
    bound: float
    p99_bound: float | None = None
    only_hits: bool = False


WORKLOADS: Final = (
    Workload("hit by symbol", "hit", 100, 2.0, p99_bound=1.0, only_hits=True),
    Workload("list of 100", "list", 100, 6.0, only_hits=True),
    Workload("write, 100 coins", "write", 100, 1.0),
    Workload("write, 10,000 coins", "write", 10_000, 1.0),
    Workload("mix", "mix", 100, 1.5),
)
