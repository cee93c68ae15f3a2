"""How far a change of the database's password has come. Pure.

PostgreSQL's Secret holds the password that is wanted, and a person edits it. The backend's Secret holds the one that
PostgreSQL takes, which its readers use, and beside it the next one from before PostgreSQL is told of it until it is
known whether it took it: whoever edits twice in a row locks nobody out. So the backend's Secret tells where to go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bitcoincache_api.contract import Env
from bitcoincache_api.crd.status import Reason
from bitcoincache_operator import jobs
from bitcoincache_operator.builders.backend import LOGIN_ANNOTATION, login_fingerprint
from bitcoincache_operator.builders.postgres import PASSWORD_KEY
from bitcoincache_operator.builders.stack import DatabaseLogin
from bitcoincache_operator.kinds import JOB, POD, SECRET, Manifest
from bitcoincache_operator.sync import digest
from bitcoincache_operator.world import World, annotations_of, login_of, text_of


@dataclass(frozen=True)
class Rotation:
    """What the readers use, and what the password is being changed to, None where nothing is to change."""

    login: DatabaseLogin
    next_password: str | None = field(default=None, repr=False)


def in_force(world: World) -> DatabaseLogin | None:
    """The login that PostgreSQL takes by now, as far as anybody noted it."""
    found = _noted(world)
    return found.login if found else world.login()


def next_step(world: World, wanted: DatabaseLogin) -> Rotation:
    """What the backend's Secret should say now. A user's name never changes: the password alone does."""
    found = _noted(world)
    if found is None or not _is_ours(world, found):
        # Nothing says what PostgreSQL takes, so it had better be what is wanted.
        return Rotation(wanted)
    login, coming = found.login, found.next_password
    job = _job(world)
    if coming is not None and job is not None:
        if jobs.succeeded(job):
            login, coming = replace(login, password=coming), None
        elif jobs.given_up(job):
            # It is neither of them. If a person knows better by now, that is tried next.
            coming = None
    if coming is None and wanted.password != login.password:
        coming = wanted.password
    return Rotation(login, coming)


def job_hash(world: World) -> str | None:
    """Which Job the note in the backend's Secret asks for; None where it asks for none.

    By the Secret's version, which has nothing of the password, and is another one whenever it is changed again.
    """
    secret, found = _readers_secret(world), _noted(world)
    if secret is None or found is None or found.next_password is None:
        return None
    return digest([secret["metadata"].get("uid"), secret["metadata"].get("resourceVersion")])[:8]


def told(world: World) -> tuple[Reason, str] | None:
    """Why PostgreSQL doesn't take the wanted password yet, and what to do; None where it does."""
    wanted, found = world.login(), _noted(world)
    if wanted is None or found is None:
        return None
    secret = world.resource.names.postgres_secret
    if found.next_password is None:
        if wanted.password == found.login.password:
            return None
        return Reason.ROTATING, f"PostgreSQL is about to get the password of Secret {secret}"
    job = _job(world)
    if job is None or not jobs.failed(job):
        return Reason.ROTATING, f"PostgreSQL gets the password of Secret {secret}; then its readers roll"
    if jobs.given_up(job):
        return Reason.PASSWORD_REFUSED, (
            f"PostgreSQL takes neither the password of Secret {secret} nor the one that its readers use: put the one "
            f"that it takes into {PASSWORD_KEY} of that Secret; data that are older than the Secret have kept their own"
        )
    pods = jobs.pods_of(job, world.of_kind(POD))
    words = jobs.last_words(pods[-1]) if pods else ""
    name = job["metadata"]["name"]
    return Reason.ROTATION_FAILED, (
        f"Job {name} failed, and runs again within {jobs.RETRY_SECONDS // 60} minutes: "
        f"{words[-300:] or 'it says nothing'}"
    )


def _noted(world: World) -> Rotation | None:
    """What the backend's Secret says; None where there is none, or it says nothing of use."""
    secret = _readers_secret(world)
    login = login_of(secret) if secret else None
    if secret is None or login is None:
        return None
    return Rotation(login, text_of(secret, Env.POSTGRES_NEXT_PASSWORD) or None)


def _is_ours(world: World, found: Rotation) -> bool:
    """Whether the note is as the operator wrote it. What others write there is no news of PostgreSQL."""
    secret = _readers_secret(world) or {"metadata": {}}
    written: str | None = annotations_of(secret).get(LOGIN_ANNOTATION)
    return written == login_fingerprint(world.resource.uid, found.login, found.next_password)


def _job(world: World) -> Manifest | None:
    wanted = job_hash(world)
    return world.child(JOB, world.resource.names.rotation(wanted)) if wanted else None


def _readers_secret(world: World) -> Manifest | None:
    return world.child(SECRET, world.resource.names.backend_secret)
