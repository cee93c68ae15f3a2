"""A workload is settled only if exactly what is wanted runs; otherwise it says what keeps it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import Component
from bitcoincache_operator.builders import backend
from bitcoincache_operator.workloads import judged
from support.specs import LOGIN, stack
from support.worlds import pod, running

WANTED = backend.deployment(stack(), LOGIN)
NAME = "demo-backend"


def test_all_pods_of_the_newest_version_are_settled() -> None:
    work = judged(NAME, running(WANTED), 2, [], "")
    assert (work.settled, work.reason, work.ready, work.image) == (True, Reason.AVAILABLE, 2, "backend:1")


@given(
    st.fixed_dictionaries(
        {
            "observedGeneration": st.integers(0, 2),
            "replicas": st.integers(0, 3),
            "updatedReplicas": st.integers(0, 3),
            "readyReplicas": st.integers(0, 3),
            "availableReplicas": st.integers(0, 3),
        }
    )
)
def test_anything_less_or_more_is_not_settled(status: dict[str, Any]) -> None:
    exact = {**dict.fromkeys(status, 2)}
    assert judged(NAME, running(WANTED, **status), 2, [], "").settled == (status == exact)


def test_what_is_scaled_by_somebody_else_is_not_settled() -> None:
    assert not judged(NAME, running(WANTED), 3, [], "").settled


def test_none_wanted_and_none_there_is_settled_and_says_so() -> None:
    none = running(backend.deployment(stack(replicas=0), LOGIN))
    work = judged(NAME, none, 0, [], "")
    assert (work.settled, work.reason) == (True, Reason.SCALED_TO_ZERO)


def test_scaled_to_zero_by_hand_is_not_settled_and_says_so() -> None:
    none = running(backend.deployment(stack(replicas=0), LOGIN))
    work = judged(NAME, none, 2, [], "")
    assert (work.settled, work.reason) == (False, Reason.SCALED_TO_ZERO)
    assert "scale it to 2" in work.message


def test_a_version_that_is_held_is_not_settled() -> None:
    work = judged(NAME, running(WANTED), 2, [], "waits for the cache")
    assert (work.settled, work.reason, work.message) == (False, Reason.WAITING, "waits for the cache")


def test_what_does_not_exist_waits_or_is_on_its_way() -> None:
    assert judged(NAME, None, 2, [], "waits").reason is Reason.WAITING
    assert judged(NAME, None, 2, [], "").reason is Reason.ROLLING_OUT


def test_pods_lost_after_a_rollout_are_not_a_rollout() -> None:
    ended = {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}
    work = judged(NAME, running(WANTED, readyReplicas=1, availableReplicas=1, conditions=[ended]), 2, [], "")
    assert work.reason is Reason.UNAVAILABLE
    assert "1 of 2" in work.message


@pytest.mark.parametrize("status", [{"phase": "Pending"}, {"containerStatuses": [{"image": "i", "started": False}]}])
def test_pods_that_start_after_scaling_are_on_their_way(status: dict[str, Any]) -> None:
    ended = {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}
    scaled = running(WANTED, readyReplicas=1, availableReplicas=1, conditions=[ended])
    assert judged(NAME, scaled, 2, [pod(Component.BACKEND, "new", **status)], "").reason is Reason.ROLLING_OUT


def waiting(reason: str) -> dict[str, Any]:
    state = {"waiting": {"reason": reason, "message": "told"}}
    last = {"terminated": {"exitCode": 137}}
    return {"containerStatuses": [{"image": "backend:1", "state": state, "lastState": last}]}


def killed() -> dict[str, Any]:
    last = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
    return {
        "containerStatuses": [{"image": "i", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": last}]
    }


def not_placed(reason: str) -> dict[str, Any]:
    return {"conditions": [{"type": "PodScheduled", "status": "False", "reason": reason, "message": "full"}]}


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        (killed(), Reason.OUT_OF_MEMORY, "raise its limits.memory"),
        ({"initContainerStatuses": waiting("ErrImagePull")["containerStatuses"]}, Reason.IMAGE_PULL_FAILED, "check"),
        (not_placed("SchedulerError"), Reason.UNSCHEDULABLE, "full"),
        (waiting("ErrImagePull"), Reason.IMAGE_PULL_FAILED, "backend:1"),
        (waiting("InvalidImageName"), Reason.IMAGE_PULL_FAILED, "check its name"),
        (waiting("CrashLoopBackOff"), Reason.CRASH_LOOP, "137"),
        (waiting("CreateContainerConfigError"), Reason.UNAVAILABLE, "told"),
        (not_placed("Unschedulable"), Reason.UNSCHEDULABLE, "full"),
        (waiting("ContainerCreating"), Reason.ROLLING_OUT, "0 of 2"),
    ],
)
def test_pods_say_what_keeps_them(status: dict[str, Any], reason: Reason, told: str) -> None:
    pods = [pod(Component.BACKEND, "demo-backend-a", "Pending", **status)]
    work = judged(NAME, running(WANTED, readyReplicas=0, availableReplicas=0), 2, pods, "")
    assert work.reason is reason
    assert told in work.message


def test_a_pod_that_runs_and_says_that_it_is_not_ready_is_named_once_no_rollout_is_under_way() -> None:
    state = {"state": {"running": {}}, "started": True}
    pods = [
        pod(Component.BACKEND, "demo-backend-a", containerStatuses=[{**state, "ready": True}]),
        pod(Component.BACKEND, "demo-backend-b", containerStatuses=[{**state, "ready": False}]),
    ]
    rolled = [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}]
    work = judged(NAME, running(WANTED, readyReplicas=1, availableReplicas=1, conditions=rolled), 2, pods, "")
    assert work.reason is Reason.UNAVAILABLE
    assert work.message.startswith("1 of 2 pods are ready")
    assert "see kubectl logs demo-backend-b" in work.message


def test_pods_that_may_not_be_created_are_told_of() -> None:
    refused = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}
    work = judged(
        NAME, running(WANTED, replicas=0, readyReplicas=0, availableReplicas=0, conditions=[refused]), 2, [], ""
    )
    assert work.reason is Reason.UNAVAILABLE
    assert "exceeded quota" in work.message
