"""Of many rounds, what is told: the median, and how far apart the others are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.backend.rounds import Pair, Sample
from bench.backend.services import OTHER_CORE

OURS: Final = "backend"
THEIRS: Final = "yardstick"


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and greatest."""

    median: float
    least: float
    greatest: float

    def text(self, form: str) -> str:
        """Such as ``2.10 (2.02 to 2.31)``, with each number formatted by ``form``."""
        return f"{self.median:{form}} ({self.least:{form}} to {self.greatest:{form}})"


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(median(values), min(values), max(values))


def of(pairs: Sequence[Pair], service: str, figure: Callable[[Sample], float]) -> Spread:
    """A figure of one service over all rounds."""
    return spread([figure(pair.samples[service]) for pair in pairs])


def ratios(pairs: Sequence[Pair], figure: Callable[[Sample], float]) -> Spread:
    """Of the backend's figure to the yardstick's, round by round: what disturbed a round disturbed both."""
    return spread([figure(pair.samples[OURS]) / figure(pair.samples[THEIRS]) for pair in pairs])


def rate(sample: Sample) -> float:
    """Requests per second."""
    return sample.load.rate


def p50(sample: Sample) -> float:
    """Milliseconds."""
    return sample.load.p50 / 1000


def p99(sample: Sample) -> float:
    """Milliseconds."""
    return sample.load.p99 / 1000


def used(sample: Sample) -> float:
    """The part of its core that the service took."""
    return sample.used


def others(sample: Sample) -> float:
    """How busy the core of PostgreSQL, Redis and wrk was."""
    return sample.busy.cores[OTHER_CORE]


def cost(sample: Sample) -> float:
    """Microseconds of its core that the service used for a request: who else was at the core matters little here."""
    return 1e6 * sample.used / sample.load.rate
