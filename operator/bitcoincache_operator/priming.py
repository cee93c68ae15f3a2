"""How the priming for the wanted backend stands. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from bitcoincache_api.contract import Env, PrimingResult
from bitcoincache_api.crd.status import PrimingStatus, Reason
from bitcoincache_api.names import Names
from bitcoincache_operator import jobs
from bitcoincache_operator.builders.prime import priming_hash
from bitcoincache_operator.kinds import JOB, POD, Manifest
from bitcoincache_operator.workloads import complaints
from bitcoincache_operator.world import World

_LONGEST: Final = 300
"""Characters of a failed pod's last words that a condition's message quotes."""


@dataclass(frozen=True)
class Priming:
    """``hash`` is what to prime for, None where there is no Redis to prime. ``record`` is the last that ended well."""

    hash: str | None
    record: PrimingStatus | None
    reason: Reason
    message: str

    @property
    def done(self) -> bool:
        return self.reason is Reason.PRIMED


def observed(world: World, backend_template: Manifest) -> Priming:
    """The state of the priming for this template and the Redis that runs."""
    record = world.resource.status.priming
    if world.redis_container is None:
        return Priming(None, record, Reason.WAITING, "waits for Redis: none runs that could be primed")
    wanted = priming_hash(backend_template, world.redis_container, world.resource.priming_request)
    if record is not None and record.hash == wanted:
        return _done(record)
    job = world.child(JOB, world.resource.names.prime(wanted))
    if job is None:
        return Priming(wanted, record, Reason.WAITING, "is about to begin")
    return _of_job(world, job, wanted, record)


def _of_job(world: World, job: Manifest, wanted: str, record: PrimingStatus | None) -> Priming:
    name = job["metadata"]["name"]
    pods = jobs.pods_of(job, world.of_kind(POD))
    if jobs.given_up(job):
        return Priming(wanted, record, Reason.PASSWORD_REFUSED, _password_refused(world.resource.names))
    if jobs.failed(job):
        words = _how_it_ended(pods[-1]) if pods else ""
        message = (
            f"Job {name} failed{': ' if words else ''}{words} - mend the cause: it runs again within "
            f"{jobs.RETRY_SECONDS // 60} minutes, or at once when you delete it"
        )
        return Priming(wanted, record, Reason.PRIMING_FAILED, message)
    if not jobs.succeeded(job):
        return _under_way(name, pods, wanted, record)
    counts = [count for pod in pods if (count := _keys(jobs.last_words(pod))) is not None]
    if not counts and not all(map(jobs.has_ended, pods)):
        # Jobs and pods are listed at the same time: these pods were seen before the Job's end, and will be again.
        return _under_way(name, pods, wanted, record)
    keys = max(counts, default=None)
    return _done(PrimingStatus(hash=wanted, job=name, keys=keys, completed_at=jobs.completion_time(job)))


def _under_way(name: str, pods: list[Manifest], wanted: str, record: PrimingStatus | None) -> Priming:
    for reason, message in complaints(pods):
        return Priming(wanted, record, reason, f"Job {name} can't fill the cache: {message}")
    tried = [pod for pod in pods if pod["status"].get("phase") == "Failed"]
    if not pods:
        told = f"Job {name} has no pod yet: see kubectl describe job {name}"
    elif tried:
        told = f"Job {name} tries again to fill the cache; the last try ended so: {_how_it_ended(tried[-1])}"
    else:
        told = f"Job {name} fills the cache"
    return Priming(wanted, record, Reason.PRIMING, told)


def _how_it_ended(pod: Manifest) -> str:
    if jobs.ran_out_of_memory(pod):
        return "it needs more memory than spec.backend.resources.limits.memory lets it have"
    return _shortened(jobs.last_words(pod))


def _done(record: PrimingStatus) -> Priming:
    # A pod that was removed before anyone read its last words has primed all the same.
    told = "the cache is primed" if record.keys is None else f"{record.keys} keys are in the cache"
    return Priming(record.hash, record, Reason.PRIMED, told)


def _password_refused(names: Names) -> str:
    return (
        f"PostgreSQL refuses the password: put the one that it takes into {Env.POSTGRES_PASSWORD} of Secret "
        f"{names.postgres_secret}; data that are older than the Secret have kept their own"
    )


def _keys(words: str) -> int | None:
    """The count in a priming's last line (``PrimingResult``); None where there is none."""
    try:
        result: Any = json.loads(words.splitlines()[-1])
        return int(result[PrimingResult.KEYS])
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _shortened(words: str) -> str:
    """The end of it: a traceback's last line says what happened."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else "…" + line[-_LONGEST + 1 :]
