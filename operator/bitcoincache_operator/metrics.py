"""Prometheus metrics of the operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bitcoincache_api.crd.status import BitcoinCacheStatus, ConditionType
from bitcoincache_operator.kinds import Kind
from bitcoincache_operator.resource import ResourceKey

_READINESS: Final = ("True", "False", "Unknown")


class Metrics:
    """All that is counted, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._reconciles = Counter("bitcoincache_reconciles", "Visits that ended", registry=self.registry)
        self._errors = Counter("bitcoincache_reconcile_errors", "Visits that failed", registry=self.registry)
        self._seconds = Histogram("bitcoincache_reconcile_seconds", "Duration of visits", registry=self.registry)
        self._drift = Counter(
            "bitcoincache_drift_repaired",
            "Objects that others changed or deleted, and that were put right",
            ["kind"],
            registry=self.registry,
        )
        self._resources = Gauge("bitcoincache_resources", "Resources by readiness", ["ready"], registry=self.registry)
        self._paused = Gauge("bitcoincache_paused_resources", "Paused resources", registry=self.registry)
        self._seen: dict[ResourceKey, tuple[str, bool]] = {}
        self._count_resources()

    def watch_queue(self, depth: Callable[[], int]) -> None:
        """Has the queue's depth asked for at each scrape."""
        gauge = Gauge("bitcoincache_queue_depth", "Resources that wait for a visit", registry=self.registry)
        gauge.set_function(depth)

    @contextmanager
    def visit(self) -> Iterator[None]:
        """Times and counts one visit."""
        with self._seconds.time(), self._errors.count_exceptions():
            try:
                yield
            finally:
                self._reconciles.inc()

    def drift_repaired(self, kind: Kind) -> None:
        self._drift.labels(kind.kind).inc()

    def observe(self, key: ResourceKey, status: BitcoinCacheStatus, *, paused: bool) -> None:
        """Counts the resource by its newest status."""
        ready = [item.status for item in status.conditions or () if item.type is ConditionType.READY]
        self._seen[key] = (ready[0] if ready else "Unknown", paused)
        self._count_resources()

    def forget(self, key: ResourceKey) -> None:
        """The resource is gone."""
        self._seen.pop(key, None)
        self._count_resources()

    def _count_resources(self) -> None:
        states = list(self._seen.values())
        for readiness in _READINESS:
            self._resources.labels(readiness).set(sum(ready == readiness for ready, _ in states))
        self._paused.set(sum(paused for _, paused in states))
