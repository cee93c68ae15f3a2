"""docs/operating.md says of every metric what it tells, and of none that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

from bitcoincache_operator.metrics import Metrics

DOCUMENT = Path(__file__).parents[3] / "docs/operating.md"


def test_every_metric_is_explained() -> None:
    metrics = Metrics()
    metrics.watch_queue(lambda: 0)
    there = {
        f"{family.name}_total" if family.type == "counter" else family.name for family in metrics.registry.collect()
    }
    text = DOCUMENT.read_text("utf-8")
    assert set(re.findall(r"^\| `(bitcoincache_\w+)` \|", text, re.MULTILINE)) == there


def test_alerts_ask_for_metrics_that_there_are() -> None:
    text = DOCUMENT.read_text("utf-8")
    explained = set(re.findall(r"^\| `(bitcoincache_\w+)` \|", text, re.MULTILINE))
    assert set(re.findall(r"bitcoincache_[a-z_]+", text)) <= explained
