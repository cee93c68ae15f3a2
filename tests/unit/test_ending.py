"""Pods begin and end in concert: what nginx, the backend, PostgreSQL and the pods' grace say fits together."""

from __future__ import annotations

import re
from typing import Any

from bitcoincache_api.contract import CONNECTIONS_TO_POSTGRES
from bitcoincache_api.crd.schema import custom_resource_definition
from bitcoincache_app.__main__ import DRAIN, FAREWELL
from bitcoincache_app.settings import PRIMING_LIMITS, Limits
from bitcoincache_app.writes import PATIENCE
from bitcoincache_operator.builders import backend, frontend, postgres
from bitcoincache_operator.builders.stack import Stack
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
    # A write waits for a Redis, connects to PostgreSQL, and then waits for its statement's answer.
    assert PATIENCE + 2 * Limits().postgres_answer < DRAIN


def test_as_many_backends_as_may_be_asked_for_find_their_connections_also_while_they_roll() -> None:
    spec: Any = custom_resource_definition()["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    autoscaling = spec["properties"]["backend"]["properties"]["autoscaling"]["properties"]
    most = max(spec["properties"]["replicas"]["maximum"], autoscaling["maxReplicas"]["maximum"])
    rolling = backend.deployment(stack(replicas=most), LOGIN)["spec"]
    surge = rolling["strategy"]["rollingUpdate"]["maxSurge"]
    # Pods go one by one, no faster than others come, which takes each two seconds at least; they keep what they have.
    ending = rolling["template"]["spec"]["terminationGracePeriodSeconds"] // 2
    migration, jobs, kept_for_superusers = 1, 5, 3
    backends = (most + surge + ending) * CONNECTIONS_TO_POSTGRES + migration
    assert backends + jobs + kept_for_superusers <= max_connections(stack(replicas=most))
    judges = 1
    assert PRIMING_LIMITS.postgres_connections + judges < jobs


def test_the_number_of_backends_never_restarts_postgres() -> None:
    few, many = stack(replicas=1), stack(replicas=100)
    assert max_connections(few) == max_connections(many)
    assert postgres.deployment(few, LOGIN) == postgres.deployment(many, LOGIN)


def test_a_person_may_set_another_number_of_connections() -> None:
    assert max_connections(stack(postgres={"parameters": {"max_connections": "50"}})) == 50


def max_connections(of: Stack) -> int:
    [config] = [item for item in postgres.foundation(of) if "postgresql.conf" in item.get("data", {})]
    [found] = re.findall(r"max_connections = '(\d+)'", config["data"]["postgresql.conf"])
    return int(found)
