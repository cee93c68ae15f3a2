"""docs/operating.md says of every metric what it tells, and of none that isn't there; a command hits what it names."""

from __future__ import annotations

import re
from pathlib import Path

from bitcoincache_api.names import Component, Label, Names
from bitcoincache_operator.metrics import Metrics

DOCUMENT = Path(__file__).parents[3] / "docs/operating.md"


def test_every_metric_is_explained() -> None:
    metrics = Metrics()
    metrics.watch_queue(lambda: 0)
    there = {
        f"{family.name}_total" if family.type == "counter" else family.name for family in metrics.registry.collect()
    }
    [operator, _] = DOCUMENT.read_text("utf-8").split("### Of the backend")
    assert set(re.findall(r"^\| `(bitcoincache_\w+)` \|", operator, re.MULTILINE)) == there


def test_a_restore_empties_the_cache_of_its_stack_and_of_no_other() -> None:
    [selector] = re.findall(r"delete pod --selector \\\s+(\S+)", DOCUMENT.read_text("utf-8"))
    wanted = dict(pair.split("=") for pair in selector.split(","))
    assert {Label.INSTANCE, Label.COMPONENT} <= wanted.keys()
    assert wanted.items() <= Names("ns", "demo").labels(Component.REDIS).items()


def test_alerts_ask_for_metrics_that_there_are() -> None:
    text = DOCUMENT.read_text("utf-8")
    explained = set(re.findall(r"^\| `(bitcoincache_\w+)` \|", text, re.MULTILINE))
    assert set(re.findall(r"bitcoincache_[a-z_]+", text)) <= explained
