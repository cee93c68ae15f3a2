"""Primed once for each backend and each Redis, and told from what the Job said."""

from __future__ import annotations

from typing import Any

import pytest

from bitcoincache_api.crd.status import BitcoinCacheStatus, Reason
from bitcoincache_api.names import Component
from bitcoincache_operator.builders.prime import priming_hash
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.priming import Priming, observed
from support.worlds import NAMES, PRIMED, ended_job, job_pod, pod, resource, world

TEMPLATE: Manifest = {"spec": {"containers": [{"image": "backend:1"}]}}
REDIS = pod(Component.REDIS, "demo-redis-a")
HASH = priming_hash(TEMPLATE, "uid-of-demo-redis-a")
JOB = NAMES.prime(HASH)


def seen(*objects: Manifest, **record: Any) -> Priming:
    status = BitcoinCacheStatus(priming=PRIMED.model_copy(update=record)) if record else None
    return observed(world(REDIS, *objects, about=resource(status)), TEMPLATE)


def test_another_template_or_another_redis_is_another_priming() -> None:
    hashes = {
        priming_hash(TEMPLATE, "a"),
        priming_hash(TEMPLATE, "b"),
        priming_hash({"spec": {}}, "a"),
    }
    assert len(hashes) == 3
    assert priming_hash(TEMPLATE, "a") == priming_hash(dict(TEMPLATE), "a")


def test_without_a_redis_there_is_nothing_to_prime() -> None:
    for pods in ([], [pod(Component.REDIS, "demo-redis-a", "Pending")], [REDIS, pod(Component.REDIS, "demo-redis-b")]):
        priming = observed(world(*pods), TEMPLATE)
        assert (priming.hash, priming.reason) == (None, Reason.WAITING)


def test_what_the_status_remembers_is_done() -> None:
    assert seen(hash=HASH).done
    assert not seen(hash="another1").done


def test_a_job_under_way_is_priming() -> None:
    running = {**ended_job(JOB, "Complete"), "status": {}}
    assert seen(running).reason is Reason.PRIMING


def test_a_job_that_succeeded_is_recorded_with_what_it_said() -> None:
    priming = seen(ended_job(JOB, "Complete"), job_pod(JOB, 'primed\n{"keys": 12, "rows": 11}'))
    assert priming.done
    assert priming.record is not None
    assert (priming.record.hash, priming.record.job, priming.record.keys) == (HASH, JOB, 12)
    assert priming.record.completed_at == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize("words", ["", "no json", "[]", '{"rows": 1}', "{"])
def test_a_job_that_does_not_say_what_it_did_has_not_primed(words: str) -> None:
    priming = seen(ended_job(JOB, "Complete"), job_pod(JOB, words))
    assert priming.reason is Reason.PRIMING_FAILED
    assert f"delete Job {JOB}" in priming.message


def test_a_refused_password_is_told_with_the_secret_to_mend() -> None:
    priming = seen(ended_job(JOB, "Failed", reason="PodFailurePolicy"), job_pod(JOB, "refused"))
    assert priming.reason is Reason.PASSWORD_REFUSED
    assert f"POSTGRES_PASSWORD of Secret {NAMES.postgres_secret}" in priming.message


def test_a_failed_job_is_quoted_by_its_end() -> None:
    priming = seen(ended_job(JOB, "Failed"), job_pod(JOB, "x" * 5000 + "\nno route to host"), hash="another1")
    assert priming.reason is Reason.PRIMING_FAILED
    assert "no route to host" in priming.message
    assert len(priming.message) < 600
    assert priming.record is not None
    assert priming.record.hash == "another1"
