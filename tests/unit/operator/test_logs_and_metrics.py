"""What the operator tells of itself."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from prometheus_client import generate_latest

from bitcoincache_api.crd.status import BitcoinCacheStatus, Condition, ConditionType, Reason
from bitcoincache_operator.conditions import Transition
from bitcoincache_operator.errors import OperatorError
from bitcoincache_operator.events import event_of
from bitcoincache_operator.kinds import SECRET
from bitcoincache_operator.logs import JsonFormatter, current_resource
from bitcoincache_operator.metrics import Metrics
from bitcoincache_operator.resource import ResourceKey
from support.worlds import resource

KEY = ResourceKey("ns", "demo")


def condition(kind: ConditionType, status: str, message: str = "because") -> Condition:
    content = {"type": kind, "status": status, "reason": Reason.AVAILABLE, "message": message}
    return Condition.model_validate({**content, "last_transition_time": "t", "observed_generation": 1})


def fail() -> None:
    raise OperatorError("broken")


def test_a_log_line_is_json_and_says_which_resource_it_is_about() -> None:
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "%s happened", ("this",), None)
    token = current_resource.set(KEY)
    try:
        line = json.loads(JsonFormatter().format(record))
    finally:
        current_resource.reset(token)
    assert (line["message"], line["level"], line["namespace"], line["name"]) == (
        "this happened",
        "WARNING",
        "ns",
        "demo",
    )
    assert "namespace" not in json.loads(JsonFormatter().format(record))


def test_a_traceback_stays_within_its_line() -> None:
    with pytest.raises(OperatorError) as caught:
        fail()
    error = caught.value
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "oh", (), (type(error), error, error.__traceback__))
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "broken" in json.loads(text)["error"]


def test_warnings_and_last_words_are_json_too() -> None:
    script = """
import warnings
from bitcoincache_operator import logs
logs.configure("INFO")
warnings.warn("careful")
raise RuntimeError("broken")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    warning, last = map(json.loads, done.stderr.splitlines())
    assert (warning["logger"], warning["level"]) == ("py.warnings", "WARNING")
    assert last["message"] == "the operator ends: broken"
    assert "RuntimeError" in last["error"]


def test_visits_errors_and_drift_are_counted() -> None:
    metrics = Metrics()
    with metrics.visit():
        pass
    with pytest.raises(OperatorError), metrics.visit():
        raise OperatorError("no")
    metrics.drift_repaired(SECRET)
    sample = metrics.registry.get_sample_value
    assert sample("bitcoincache_reconciles_total") == 2
    assert sample("bitcoincache_reconcile_errors_total") == 1
    assert sample("bitcoincache_reconcile_seconds_count") == 2
    assert sample("bitcoincache_drift_repaired_total", {"kind": "Secret"}) == 1


def test_resources_are_counted_by_their_newest_readiness() -> None:
    metrics = Metrics()
    for status in ("False", "True"):
        ready = BitcoinCacheStatus(conditions=[condition(ConditionType.READY, status)])
        metrics.observe(KEY, ready, paused=True)
    sample = metrics.registry.get_sample_value
    assert sample("bitcoincache_resources", {"ready": "True"}) == 1
    assert sample("bitcoincache_resources", {"ready": "False"}) == 0
    assert sample("bitcoincache_paused_resources") == 1
    metrics.forget(KEY)
    assert sample("bitcoincache_resources", {"ready": "True"}) == 0
    metrics.watch_queue(lambda: 4)
    assert b"bitcoincache_queue_depth 4.0" in generate_latest(metrics.registry)


@pytest.mark.parametrize(
    ("kind", "status", "severity"),
    [
        (ConditionType.READY, "False", "Warning"),
        (ConditionType.READY, "True", "Normal"),
        (ConditionType.PROGRESSING, "False", "Normal"),
        (ConditionType.PAUSED, "False", "Normal"),
    ],
)
def test_an_event_tells_of_a_turn(kind: ConditionType, status: str, severity: str) -> None:
    turn = Transition(condition(kind, "Unknown"), condition(kind, status, "m" * 5000))
    event = event_of(resource(), turn, datetime(2026, 1, 1, tzinfo=UTC))
    assert event["type"] == severity
    assert event["involvedObject"]["uid"] == "uid-1"
    assert len(event["message"]) == 1024
    assert event["firstTimestamp"] == "2026-01-01T00:00:00Z"
