"""Pods end in concert: what the page's nginx, the backend and the pod's grace say about time fits together."""

from __future__ import annotations

import re
from typing import Any

from bitcoincache_app.__main__ import DRAIN, FAREWELL
from bitcoincache_app.service import WRITE_PATIENCE
from bitcoincache_app.settings import PRIMING_LIMITS, Limits
from bitcoincache_operator.builders import backend, frontend, postgres
from support.specs import LOGIN, stack


def test_nginx_leaves_before_the_backend_closes() -> None:
    [config] = [item for item in frontend.foundation(stack()) if item["kind"] == "ConfigMap"]
    found = re.search(r"keepalive_timeout (\d+)s;", config["data"]["default.conf"])
    assert found is not None
    assert 2 * float(found[1]) <= FAREWELL


def test_all_that_a_backend_does_at_its_end_is_within_its_pods_grace() -> None:
    pod: Any = backend.deployment(stack(), LOGIN)["spec"]["template"]["spec"]
    asleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert asleep + FAREWELL + DRAIN < pod["terminationGracePeriodSeconds"]
    # A write waits for a connection, and then for its statement's answer.
    assert Limits().postgres_pool + Limits().postgres_answer + WRITE_PATIENCE < DRAIN


def test_as_many_backends_as_the_limits_say_find_a_connection_each() -> None:
    [config] = [item for item in postgres.foundation(stack()) if "postgresql.conf" in item.get("data", {})]
    found = re.search(r"max_connections = '(\d+)'", config["data"]["postgresql.conf"])
    assert found is not None
    kept_for_superusers, jobs = 3, 5
    assert 23 * Limits().postgres_connections + kept_for_superusers + jobs <= int(found[1])
    assert PRIMING_LIMITS.postgres_connections < jobs
