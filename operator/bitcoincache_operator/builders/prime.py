"""Priming: a Job before each rollout of the backend, and a CronJob where a schedule is asked for."""

from __future__ import annotations

from typing import Final

from bitcoincache_api import contract
from bitcoincache_api.contract import PrimingResult
from bitcoincache_api.crd.spec import Warming
from bitcoincache_api.names import Component
from bitcoincache_operator.builders import backend, pod
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.kinds import CRON_JOB, JOB, Manifest
from bitcoincache_operator.sync import digest

_TTL_SECONDS: Final = 3600
"""How long an ended Job is kept, for whoever wants to read its log."""

_DEADLINE_SECONDS: Final = 3600
_RETRIES: Final = 3


def foundation(stack: Stack) -> list[Manifest]:
    """All but the Jobs."""
    return [pod.service_account(stack, Component.PRIME)]


def priming_hash(backend_template: Manifest, redis_container: str, request: str) -> str:
    """What a priming is for: these backend pods, this container of Redis, and the last ``request`` of a person.

    A Redis that was restarted or replaced starts empty.
    """
    return digest([backend_template, redis_container, request])[:8]


def job(stack: Stack, login: DatabaseLogin, wanted_hash: str) -> Manifest:
    """The Job that primes for one hash."""
    out = stack.manifest(JOB, stack.names.prime(wanted_hash), Component.PRIME)
    out["spec"] = {**_priming(stack, login), "ttlSecondsAfterFinished": _TTL_SECONDS}
    return out


def cron_job(stack: Stack, login: DatabaseLogin, warming: Warming) -> Manifest:
    """The CronJob that primes on a schedule; one that is late is skipped rather than joined by the next."""
    out = stack.manifest(CRON_JOB, stack.names.warm, Component.PRIME)
    out["spec"] = {
        "schedule": warming.schedule,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 300,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {
            "metadata": {"labels": stack.names.labels(Component.PRIME)},
            "spec": _priming(stack, login),
        },
    }
    return out


def job_spec(stack: Stack, login: DatabaseLogin, container: Manifest, deadline_seconds: int) -> Manifest:
    """A Job of the backend's image. It is given up at once where PostgreSQL refuses the password."""
    template = backend.template(stack, login, Component.PRIME, container)
    # Never: each try is a pod of its own, so the last one's words can be read.
    template["spec"]["restartPolicy"] = "Never"
    refused = {"operator": "In", "values": [contract.PASSWORD_REFUSED_EXIT_CODE]}
    return {
        "backoffLimit": _RETRIES,
        "activeDeadlineSeconds": deadline_seconds,
        "podFailurePolicy": {"rules": [{"action": "FailJob", "onExitCodes": refused}]},
        "template": template,
    }


def _priming(stack: Stack, login: DatabaseLogin) -> Manifest:
    container: Manifest = {
        **backend.base_container(stack, "prime"),
        "command": list(contract.PRIME_COMMAND),
        "terminationMessagePath": PrimingResult.TERMINATION_PATH,
        # A priming that dies without a word leaves its last log lines.
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    return job_spec(stack, login, container, _DEADLINE_SECONDS)
