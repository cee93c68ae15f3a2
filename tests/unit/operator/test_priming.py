"""Primed once for each backend and each Redis, and told from what the Job said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bitcoincache_api.crd.status import BitcoinCacheStatus, Reason
from bitcoincache_api.names import Component
from bitcoincache_operator.builders.prime import priming_hash
from bitcoincache_operator.jobs import RETRY_SECONDS, retry_in
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.priming import Priming, observed
from support.worlds import NAMES, PRIMED, ended_job, job_pod, pod, redis_pod, resource, world

TEMPLATE: Manifest = {"spec": {"containers": [{"image": "backend:1"}]}}
REDIS = redis_pod()
HASH = priming_hash(TEMPLATE, "uid-of-demo-redis-a/containerd://1", "")
JOB = NAMES.prime(HASH)


def seen(*objects: Manifest, **record: Any) -> Priming:
    status = BitcoinCacheStatus(priming=PRIMED.model_copy(update=record)) if record else None
    return observed(world(REDIS, *objects, about=resource(status)), TEMPLATE)


def test_another_template_redis_or_request_is_another_priming() -> None:
    hashes = {
        priming_hash(TEMPLATE, "a", ""),
        priming_hash(TEMPLATE, "b", ""),
        priming_hash({"spec": {}}, "a", ""),
        priming_hash(TEMPLATE, "a", "please"),
    }
    assert len(hashes) == 4
    assert priming_hash(TEMPLATE, "a", "") == priming_hash(dict(TEMPLATE), "a", "")


def test_without_a_redis_there_is_nothing_to_prime() -> None:
    for pods in ([], [REDIS, redis_pod("demo-redis-b")]):
        priming = observed(world(*pods), TEMPLATE)
        assert (priming.hash, priming.reason) == (None, Reason.WAITING)


@pytest.mark.parametrize(
    "redis",
    [
        pod(Component.REDIS, "demo-redis-a", "Pending"),
        pod(
            Component.REDIS, "demo-redis-a", "Pending", containerStatuses=[{"name": "redis", "state": {"waiting": {}}}]
        ),
        pod(Component.REDIS, "demo-redis-a"),
        pod(Component.REDIS, "demo-redis-a", containerStatuses=[{"name": "redis", "state": {"running": {}}}]),
        redis_pod(waiting={"reason": "CrashLoopBackOff"}),
        redis_pod(terminated={"exitCode": 137}),
    ],
)
def test_until_redis_container_is_known_and_runs_nobody_knows_what_to_prime_for(redis: Manifest) -> None:
    priming = observed(world(redis), TEMPLATE)
    assert (priming.hash, priming.reason) == (None, Reason.WAITING)


def test_a_redis_that_was_restarted_in_its_pod_is_primed_again_and_one_at_rest_is_not() -> None:
    there = resource(BitcoinCacheStatus(priming=PRIMED.model_copy(update={"hash": HASH})))
    assert observed(world(redis_pod(), about=there), TEMPLATE).done
    restarted = observed(world(redis_pod(container="containerd://2"), about=there), TEMPLATE)
    assert restarted.hash not in (None, HASH)
    assert restarted.reason is Reason.WAITING


def test_what_stands_beside_redis_in_its_pod_is_not_primed() -> None:
    beside = redis_pod()
    beside["status"]["containerStatuses"].insert(
        0, {"name": "proxy", "containerID": "containerd://9", "state": {"running": {}}}
    )
    assert observed(world(beside), TEMPLATE).hash == HASH


def test_what_the_status_remembers_is_done() -> None:
    assert seen(hash=HASH).done
    assert not seen(hash="another1").done


def test_a_job_under_way_is_priming() -> None:
    running = {**ended_job(JOB, "Complete"), "status": {}}
    assert seen(running).reason is Reason.PRIMING


def test_a_job_whose_pod_can_not_run_says_so() -> None:
    running = {**ended_job(JOB, "Complete"), "status": {}}
    assert "no pod yet" in seen(running).message
    waiting = {"image": "backend:1", "state": {"waiting": {"reason": "ImagePullBackOff"}}}
    stuck = job_pod(JOB, "")
    stuck["status"] = {"phase": "Pending", "containerStatuses": [waiting]}
    priming = seen(running, stuck)
    assert priming.reason is Reason.IMAGE_PULL_FAILED
    assert JOB in priming.message
    assert "backend:1" in priming.message


def test_a_job_that_tries_again_says_why() -> None:
    tried = job_pod(JOB, "no route to host")
    tried["status"]["phase"] = "Failed"
    priming = seen({**ended_job(JOB, "Complete"), "status": {}}, tried)
    assert priming.reason is Reason.PRIMING
    assert "no route to host" in priming.message


def test_a_job_that_ran_out_of_memory_says_which_limit_it_was() -> None:
    killed = job_pod(JOB, "the last line of a log")
    killed["status"]["containerStatuses"][0]["state"]["terminated"]["reason"] = "OOMKilled"
    assert "spec.backend.resources.limits.memory" in seen(ended_job(JOB, "Failed"), killed).message


def test_a_job_that_succeeded_is_recorded_with_what_it_said() -> None:
    priming = seen(ended_job(JOB, "Complete"), job_pod(JOB, 'primed\n{"keys": 12, "rows": 11}'))
    assert priming.done
    assert priming.record is not None
    assert (priming.record.hash, priming.record.job, priming.record.keys) == (HASH, JOB, 12)
    assert priming.record.completed_at == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize("words", ["", "no json", "[]", '{"rows": 1}', "{"])
def test_a_job_that_succeeded_has_primed_though_nobody_heard_how_many_keys(words: str) -> None:
    for pods in ([], [job_pod(JOB, words)]):
        priming = seen(ended_job(JOB, "Complete"), *pods)
        assert priming.done
        assert priming.record is not None
        assert priming.record.keys is None
        assert priming.message == "the cache is primed"


def test_a_job_whose_pod_was_seen_before_its_end_waits_for_what_it_said() -> None:
    running = job_pod(JOB, "")
    running["status"] = {"phase": "Running", "containerStatuses": [{"state": {"running": {}}}]}
    assert seen(ended_job(JOB, "Complete"), running).reason is Reason.PRIMING


def test_a_job_that_failed_is_made_again_after_a_while() -> None:
    failed = ended_job(JOB, "Failed")
    assert retry_in(failed, datetime(2026, 1, 2, 0, 1, tzinfo=UTC)) == RETRY_SECONDS - 60
    assert retry_in(failed, datetime(2026, 1, 2, 1, 0, tzinfo=UTC)) == 0
    for job in (None, ended_job(JOB, "Complete"), {**failed, "status": {}}):
        assert retry_in(job, datetime(2026, 1, 2, 1, 0, tzinfo=UTC)) is None


def test_a_refused_password_names_the_secret_and_the_data_that_may_be_older() -> None:
    priming = seen(ended_job(JOB, "Failed", reason="PodFailurePolicy"))
    assert priming.reason is Reason.PASSWORD_REFUSED
    assert NAMES.postgres_secret in priming.message
    assert "data that are older than the Secret" in priming.message


def test_a_failed_job_is_quoted_by_its_end() -> None:
    priming = seen(ended_job(JOB, "Failed"), job_pod(JOB, "x" * 5000 + "\nno route to host"), hash="another1")
    assert priming.reason is Reason.PRIMING_FAILED
    assert "no route to host" in priming.message
    assert len(priming.message) < 600
    assert priming.record is not None
    assert priming.record.hash == "another1"
