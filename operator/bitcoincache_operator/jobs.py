"""How a Job stands, and what its pods said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.workloads import OUT_OF_MEMORY
from bitcoincache_operator.world import label

RETRY_SECONDS: Final = 300
"""How long a Job that failed is left for people to read, before it is made again."""

JOB_NAME_LABEL: Final = "batch.kubernetes.io/job-name"


def succeeded(job: Mapping[str, Any]) -> bool:
    """Whether it came to a good end."""
    return _has(job, "Complete")


def failed(job: Mapping[str, Any]) -> bool:
    """Whether it came to a bad end: no more tries are made."""
    return _has(job, "Failed")


def given_up(job: Mapping[str, Any]) -> bool:
    """Whether it failed because PostgreSQL refused the password: the one thing that our Jobs' failure policy is about.

    https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
    """
    return failed(job) and _condition(job, "Failed").get("reason") == "PodFailurePolicy"


def completion_time(job: Mapping[str, Any]) -> str:
    """When a Job that succeeded did so."""
    status = job["status"]
    return str(status.get("completionTime") or _condition(job, "Complete")["lastTransitionTime"])


def retry_in(job: Mapping[str, Any] | None, now: datetime) -> float | None:
    """Seconds until a Job that failed is to be made again: 0 where that is due, None where it did not fail."""
    if job is None or not failed(job):
        return None
    ended = datetime.fromisoformat(_condition(job, "Failed")["lastTransitionTime"])
    return max(0.0, (ended + timedelta(seconds=RETRY_SECONDS) - now).total_seconds())


def pods_of(job: Mapping[str, Any], pods: Iterable[Manifest]) -> list[Manifest]:
    """The Job's pods, the latest last."""
    mine = [pod for pod in pods if label(pod, JOB_NAME_LABEL) == job["metadata"]["name"]]
    return sorted(mine, key=lambda pod: str(pod["metadata"].get("creationTimestamp", "")))


def has_ended(pod: Mapping[str, Any]) -> bool:
    """Whether none of its containers will run any more."""
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def last_words(pod: Mapping[str, Any]) -> str:
    """The termination message of the pod's first container; empty while it runs."""
    return str(_terminated(pod).get("message") or "").strip()


def ran_out_of_memory(pod: Mapping[str, Any]) -> bool:
    """Whether the pod's first container was killed for it."""
    return bool(_terminated(pod).get("reason") == OUT_OF_MEMORY)


def _terminated(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    for container in pod.get("status", {}).get("containerStatuses") or ():
        return dict((container.get("state") or {}).get("terminated") or {})
    return {}


def _has(job: Mapping[str, Any], kind: str) -> bool:
    return _condition(job, kind).get("status") == "True"


def _condition(job: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    for condition in job.get("status", {}).get("conditions") or ():
        if condition["type"] == kind:
            return dict(condition)
    return {}
