"""Prometheus metrics of one application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bitcoincache_app.answers import Outcome

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Requests by route, method and status; their latency, whole and by what they waited for; cache outcomes."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
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

    def count_reads(self, outcomes: Mapping[Outcome, int]) -> None:
        """From now on report these counts too, as they are when asked."""
        self._registry.register(_Outcomes(outcomes))

    def exposition(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)


class _Outcomes(Collector):
    def __init__(self, outcomes: Mapping[Outcome, int]) -> None:
        self._outcomes = outcomes

    def collect(self) -> Iterable[CounterMetricFamily]:
        family = CounterMetricFamily(
            "bitcoincache_cache_reads", "Reads by how the cache took part.", labels=["outcome"]
        )
        for outcome in Outcome:
            family.add_metric([outcome.value], self._outcomes.get(outcome, 0))
        yield family
