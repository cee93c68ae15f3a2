"""Metrics that are not counted for each request: what other parts know already, asked for when somebody scrapes."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bitcoincache_app.answers import Layer, Outcome, Read
from bitcoincache_app.prepared import Statement
from bitcoincache_app.statements import ALL
from bitcoincache_app.trust import Trust
from bitcoincache_app.version import version

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Reading(Collector):
    """One number, read at each scrape; there is no sample while it is None."""

    def __init__(
        self,
        family: type[GaugeMetricFamily | CounterMetricFamily],
        name: str,
        documentation: str,
        read: Callable[[], float | None],
    ) -> None:
        self._family = family
        self._name = name
        self._documentation = documentation
        self._read = read

    def collect(self) -> Iterable[Metric]:
        family = self._family(self._name, self._documentation, labels=[])
        if (value := self._read()) is not None:
            family.add_metric([], value)
        yield family


class Reads(Collector):
    """The reads that ``outcomes`` counts."""

    def __init__(self, outcomes: Mapping[Read, int]) -> None:
        self._outcomes = outcomes

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(
            "bitcoincache_cache_reads",
            "Reads by what was read, and how the cache took part.",
            labels=["layer", "outcome"],
        )
        for layer in Layer:
            for outcome in Outcome:
                family.add_metric([layer.value, outcome.value], self._outcomes.get((layer, outcome), 0))
        yield family


class Build(Collector):
    """Which version this is."""

    def collect(self) -> Iterable[Metric]:
        family = InfoMetricFamily("bitcoincache_build", "The version that runs.")
        family.add_metric([], {"version": version(), "python": platform.python_version()})
        yield family


class QueryTimes:
    """How long PostgreSQL takes for each kind of statement."""

    def __init__(self, registry: CollectorRegistry) -> None:
        histogram = Histogram(
            "bitcoincache_postgres_query_duration_seconds",
            "Time from sending a statement to its whole result.",
            ["statement"],
            buckets=_BUCKETS,
            registry=registry,
        )
        # Bound once: labels() costs more than observe().
        self._by_kind = {statement.kind: histogram.labels(statement.kind) for statement in ALL}

    def observe(self, statement: Statement, seconds: float) -> None:
        """One run of this statement."""
        self._by_kind[statement.kind].observe(seconds)


def of_trust(trust: Trust) -> Iterable[Collector]:
    """Of which Redis this replica may believe."""

    def is_bypassed() -> float | None:
        return None if trust.epoch is None else trust.epoch.open and trust.epoch.process is None

    yield Reading(
        GaugeMetricFamily,
        "bitcoincache_cache_epoch",
        "The epoch as of the last renewal; each change of it is another Redis, or none.",
        lambda: None if trust.epoch is None else trust.epoch.number,
    )
    permit = "Whether this replica may serve hits now."
    yield Reading(GaugeMetricFamily, "bitcoincache_cache_permit", permit, lambda: trust.serves_hits)
    bypass = "Whether writes go past Redis, because no replica can reach it."
    yield Reading(GaugeMetricFamily, "bitcoincache_cache_bypass", bypass, is_bypassed)


def of_pool(stats: Callable[[], Mapping[str, int]]) -> Iterable[Collector]:
    """Of psycopg's pool, by the names of its own statistics."""

    def reading(family: type[GaugeMetricFamily | CounterMetricFamily], name: str, key: str, text: str) -> Reading:
        return Reading(family, f"bitcoincache_postgres_{name}", text, lambda: stats().get(key, 0))

    yield reading(GaugeMetricFamily, "connections", "pool_size", "Connections to PostgreSQL.")
    yield reading(GaugeMetricFamily, "connections_idle", "pool_available", "Connections that nobody uses.")
    yield reading(GaugeMetricFamily, "waiting", "requests_waiting", "Requests that wait for a connection.")
    yield reading(CounterMetricFamily, "refused", "requests_errors", "Requests that got no connection.")
