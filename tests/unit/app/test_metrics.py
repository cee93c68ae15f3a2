from __future__ import annotations

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from bitcoincache_app.metrics import Metrics


def _samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30))
def test_durations_are_a_histogram_as_prometheus_defines_it(durations: list[float]) -> None:
    metrics = Metrics()
    for seconds in durations:
        metrics.hits("/a").observe(seconds)
    samples = {name: value for name, value in _samples(metrics).items() if ("dependency", "redis") in name[1]}
    name, label = "bitcoincache_dependency_duration_seconds", ("dependency", "redis")
    assert samples.pop((f"{name}_count", frozenset([label]))) == len(durations)
    assert abs(samples.pop((f"{name}_sum", frozenset([label]))) - sum(durations)) < 1e-6
    bounds = {float(dict(labels)["le"]): value for (_, labels), value in samples.items()}
    assert max(bounds) == float("inf")
    ordered = sorted(durations)
    assert bounds == {le: bisect_left(ordered, le) + ordered.count(le) for le in bounds}


def test_requests_are_counted_by_route_method_and_status() -> None:
    metrics = Metrics()
    metrics.observe("/a", "GET", 200, 0.1, {"redis": 0.05})
    metrics.observe("/a", "GET", 404, 0.1, {})
    metrics.observe("/a", "BREW", 405, 0.1, {})
    metrics.hits("/a").observe(0.1)

    def requests(method: str, status: str) -> float:
        labels = frozenset({"route": "/a", "method": method, "status": status}.items())
        return _samples(metrics)["bitcoincache_http_requests_total", labels]

    assert (requests("GET", "200"), requests("GET", "404"), requests("other", "405")) == (2, 1, 1)
    durations = frozenset({"route": "/a", "method": "GET"}.items())
    assert _samples(metrics)["bitcoincache_http_request_duration_seconds_count", durations] == 3
    waited = frozenset({"dependency": "redis"}.items())
    assert _samples(metrics)["bitcoincache_dependency_duration_seconds_count", waited] == 2
