"""Prometheus metrics of one application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bitcoincache_app.collectors import Build, QueryTimes, Reading

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Requests by route, method and status; their latency, whole and by what they waited for.

    ``queries`` takes PostgreSQL's part; whatever other parts count themselves is registered.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.register(Build())
        self.queries: Final = QueryTimes(self._registry)
        self._requests = Counter(
            "bitcoincache_http_requests",
            "Requests answered.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._duration = Histogram(
            "bitcoincache_http_request_duration_seconds",
            "Time to answer a request.",
            ["route", "method"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._waited = Histogram(
            "bitcoincache_dependency_duration_seconds",
            "Time that a request spent on Redis or PostgreSQL.",
            ["dependency"],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def observe(self, route: str, method: str, status: int, total: float, waited: Mapping[str, float]) -> None:
        """One request: ``total`` seconds, of which ``waited`` for each dependency."""
        known = method if method in _METHODS else "other"
        self._requests.labels(route, known, status).inc()
        self._duration.labels(route, known).observe(total)
        for dependency, seconds in waited.items():
            self._waited.labels(dependency).observe(seconds)

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
