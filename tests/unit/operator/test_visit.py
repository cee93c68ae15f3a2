"""When a visit asks to be made again, though nothing happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bitcoincache_api.names import Component
from bitcoincache_operator import assembly
from bitcoincache_operator.apply import Applier
from bitcoincache_operator.builders.prime import priming_hash
from bitcoincache_operator.directories import Policy
from bitcoincache_operator.jobs import RETRY_SECONDS
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.visit import Visit
from support.specs import LOGIN, stack
from support.worlds import NAMES, ended_job, node, redis_pod, world

REDIS = redis_pod()
FAILED_AT = datetime(2026, 1, 2, tzinfo=UTC)
"""When the Jobs of ``ended_job`` ended."""


def failed_priming() -> Manifest:
    template = assembly.deployments(stack(), LOGIN, "")[Component.BACKEND]["spec"]["template"]
    return ended_job(NAMES.prime(priming_hash(template, str(world(REDIS).redis_container), "")), "Failed")


def again(seconds: float, job: Manifest, **cluster: Any) -> float | None:
    """What a visit says so many seconds after the Job failed. It talks to no cluster."""
    nobody: Any = None
    applier = Applier(nobody, world(REDIS, job, **cluster), (), lambda _: None)
    visit = Visit(nobody, stack(), Policy("/srv", None), applier, FAILED_AT + timedelta(seconds=seconds))
    return visit.look_again_in(LOGIN)


def test_a_job_that_failed_is_looked_at_again_when_it_is_to_be_made_anew() -> None:
    assert again(100, failed_priming(), nodes=(node("a"),)) == RETRY_SECONDS - 100


def test_a_failed_job_that_is_on_its_way_out_or_that_a_pause_keeps_is_waited_for_and_not_watched() -> None:
    job = failed_priming()
    going = {**job, "metadata": {**job["metadata"], "deletionTimestamp": "2026-01-02T00:05:00Z"}}
    for late in (job, going):
        assert again(RETRY_SECONDS, late, nodes=(node("a"),)) is None
        assert again(RETRY_SECONDS, late) == 30
