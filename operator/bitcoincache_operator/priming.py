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
    """The state of the priming for this template and the Redis pod that there is."""
    record = world.resource.status.priming
    if world.redis_pod_uid is None:
        return Priming(None, record, Reason.WAITING, "waits for Redis: there is no pod to prime")
    wanted = priming_hash(backend_template, world.redis_pod_uid)
    if record is not None and record.hash == wanted:
        return Priming(wanted, record, Reason.PRIMED, f"{record.keys} keys are in the cache")
    job = world.child(JOB, world.resource.names.prime(wanted))
    if job is None:
        return Priming(wanted, record, Reason.WAITING, "is about to begin")
    return _of_job(world, job, wanted, record)


def _of_job(world: World, job: Manifest, wanted: str, record: PrimingStatus | None) -> Priming:
    name = job["metadata"]["name"]
    again = f"mend the cause, then change the spec or delete Job {name} to try again"
    pods = jobs.pods_of(job, world.of_kind(POD))
    words = jobs.last_words(pods[-1]) if pods else ""
    if jobs.given_up(job):
        return Priming(wanted, record, Reason.PASSWORD_REFUSED, _password_refused(world.resource.names))
    if jobs.failed(job):
        told = f": {_shortened(words)}" if words else ""
        return Priming(wanted, record, Reason.PRIMING_FAILED, f"Job {name} failed{told} - {again}")
    if not jobs.succeeded(job):
        return Priming(wanted, record, Reason.PRIMING, f"Job {name} fills the cache")
    keys = max((_keys(jobs.last_words(pod)) for pod in pods), default=-1)
    if keys < 0:
        return Priming(wanted, record, Reason.PRIMING_FAILED, f"Job {name} ended without saying what it did - {again}")
    done = PrimingStatus(hash=wanted, job=name, keys=keys, completed_at=jobs.completion_time(job))
    return Priming(wanted, done, Reason.PRIMED, f"{keys} keys are in the cache")


def _password_refused(names: Names) -> str:
    return (
        f"PostgreSQL refuses the password: put the one that it takes into {Env.POSTGRES_PASSWORD} of Secret "
        f"{names.postgres_secret}"
    )


def _keys(words: str) -> int:
    """The count in a priming's last line (``PrimingResult``); -1 where there is none."""
    try:
        result: Any = json.loads(words.splitlines()[-1])
        return int(result[PrimingResult.KEYS])
    except (ValueError, TypeError, KeyError, IndexError):
        return -1


def _shortened(words: str) -> str:
    """The end of it: a traceback's last line says what happened."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else "…" + line[-_LONGEST + 1 :]
