"""Prometheus metrics of one application.

Kept as plain numbers, which only the event loop's thread touches, and made into metrics when they are asked for:
counting a request costs a fraction of what it takes to answer one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import accumulate
from operator import add
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from bitcoincache_app.collectors import Build, QueryTimes, Reading

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_BOUNDS: Final = tuple(map(floatToGoString, (*_BUCKETS, float("inf"))))
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Durations:
    """A histogram's numbers, in seconds."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        self._counts = [0] * len(_BOUNDS)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        self._counts[bisect_left(_BUCKETS, seconds)] += 1
        self._sum += seconds

    def __add__(self, other: Durations) -> Durations:
        both = Durations()
        both._counts = list(map(add, self._counts, other._counts))
        both._sum = self._sum + other._sum
        return both

    @property
    def count(self) -> int:
        return sum(self._counts)

    def add_to(self, family: HistogramMetricFamily, labels: list[str]) -> None:
        family.add_metric(labels, list(zip(_BOUNDS, accumulate(self._counts), strict=True)), self._sum)


class Metrics:
    """Requests by route, method and status; their latency, whole and by what they waited for.

    ``queries`` takes PostgreSQL's part; whatever other parts count themselves is registered.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.register(Build())
        self.queries: Final = QueryTimes(self._registry)
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._durations: defaultdict[tuple[str, str], Durations] = defaultdict(Durations)
        self._waited: defaultdict[str, Durations] = defaultdict(Durations)
        self._hits: defaultdict[str, Durations] = defaultdict(Durations)
        self.register(_Collected(self._families))

    def observe(self, route: str, method: str, status: int, total: float, waited: Mapping[str, float]) -> None:
        """One request: ``total`` seconds, of which ``waited`` for each dependency."""
        known = method if method in _METHODS else "other"
        self._requests[route, known, status] += 1
        self._durations[route, known].observe(total)
        for dependency, seconds in waited.items():
            self._waited[dependency].observe(seconds)

    def hits(self, route: str) -> Durations:
        """Where that route's hits are counted: GETs that were answered with 200, and waited for Redis alone."""
        return self._hits[route]

    def register(self, *collectors: Collector) -> None:
        """From now on report what these know, too, as it is when asked."""
        for collector in collectors:
            self._registry.register(collector)

    def gauge(self, name: str, documentation: str, read: Callable[[], float | None]) -> None:
        """From now on report this number, too, as it is when asked; nothing while it is None."""
        self.register(Reading(GaugeMetricFamily, name, documentation, read))

    def counter(self, name: str, documentation: str, read: Callable[[], float | None]) -> None:
        """As ``gauge``, for a number that only grows. ``_total`` is put after its name."""
        self.register(Reading(CounterMetricFamily, name, documentation, read))

    def exposition(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)

    def _families(self) -> Iterator[Metric]:
        counts, durations, waited = self._requests.copy(), self._durations.copy(), self._waited.copy()
        for route, hits in self._hits.items():
            counts[route, "GET", HTTPStatus.OK] += hits.count
            durations[route, "GET"] += hits
            waited["redis"] += hits
        yield _requests(counts)
        yield _histogram(
            "bitcoincache_http_request_duration_seconds",
            "Time to answer a request.",
            ["route", "method"],
            durations.items(),
        )
        yield _histogram(
            "bitcoincache_dependency_duration_seconds",
            "Time that a request spent on Redis or PostgreSQL.",
            ["dependency"],
            [((dependency,), seconds) for dependency, seconds in waited.items()],
        )


def _requests(counts: Mapping[tuple[str, str, int], int]) -> Metric:
    family = CounterMetricFamily(
        "bitcoincache_http_requests", "Requests answered.", labels=["route", "method", "status"]
    )
    for (route, method, status), count in counts.items():
        family.add_metric([route, method, str(int(status))], count)
    return family


def _histogram(
    name: str, documentation: str, labels: list[str], durations: Iterable[tuple[Sequence[str], Durations]]
) -> Metric:
    family = HistogramMetricFamily(name, documentation, labels=labels)
    for values, seconds in durations:
        seconds.add_to(family, list(values))
    return family


class _Collected(Collector):
    def __init__(self, families: Callable[[], Iterable[Metric]]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families()
