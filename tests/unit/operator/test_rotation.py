"""A password is changed in steps that any visit can go on from, and is never lost on the way."""

from __future__ import annotations

import copy

import pytest

from bitcoincache_api.crd.status import Reason
from bitcoincache_operator.builders import backend, postgres
from bitcoincache_operator.builders.stack import DatabaseLogin
from bitcoincache_operator.fingerprint import fingerprint
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.rotation import Rotation, in_force, job_hash, next_step, told
from bitcoincache_operator.world import World
from support.specs import LOGIN, stack
from support.worlds import NAMES, ended_job, job_pod, world

NEW = DatabaseLogin("bitcoin", "new")
NEWER = DatabaseLogin("bitcoin", "newer")


def secrets(wanted: DatabaseLogin, coming: str | None = None, *, version: str = "1") -> list[Manifest]:
    """A person's Secret, and the readers' with what is noted there: LOGIN is what PostgreSQL takes."""
    note = backend.secret(stack(), LOGIN, coming)
    note["metadata"].update({"uid": "uid-of-secret", "resourceVersion": version})
    return [postgres.secret(stack(), wanted), note]


def job_name(seen: World) -> str:
    wanted = job_hash(seen)
    assert wanted is not None
    return NAMES.rotation(wanted)


def after(coming: str, wanted: DatabaseLogin, end: str, reason: str = "") -> World:
    """With the Job for what is coming ended."""
    before = world(*secrets(wanted, coming))
    return world(*secrets(wanted, coming), ended_job(job_name(before), end, reason=reason))


def test_nothing_changes_where_both_agree() -> None:
    seen = world(*secrets(LOGIN))
    assert next_step(seen, LOGIN) == Rotation(LOGIN)
    assert job_hash(seen) is None
    assert told(seen) is None


def test_without_a_note_what_is_wanted_holds() -> None:
    assert next_step(world(), NEW) == Rotation(NEW)
    assert next_step(world(postgres.secret(stack(), NEW)), NEW) == Rotation(NEW)
    assert in_force(world(postgres.secret(stack(), NEW))) == NEW
    assert in_force(world()) is None


def test_a_new_password_is_noted_before_anyone_tells_postgres() -> None:
    seen = world(*secrets(NEW))
    assert job_hash(seen) is None
    assert next_step(seen, NEW) == Rotation(LOGIN, "new")
    assert in_force(seen) == LOGIN
    assert told(seen) is not None


def test_the_readers_get_it_once_postgres_took_it() -> None:
    waiting = world(*secrets(NEW, "new"))
    assert next_step(waiting, NEW) == Rotation(LOGIN, "new")
    assert in_force(waiting) == LOGIN
    assert next_step(after("new", NEW, "Complete"), NEW) == Rotation(NEW)


def test_who_edits_again_waits_for_the_first_to_end() -> None:
    assert next_step(world(*secrets(NEWER, "new")), NEWER) == Rotation(LOGIN, "new")
    assert next_step(after("new", NEWER, "Failed"), NEWER) == Rotation(LOGIN, "new")
    assert next_step(after("new", NEWER, "Complete"), NEWER) == Rotation(NEW, "newer")
    assert next_step(after("new", LOGIN, "Complete"), LOGIN) == Rotation(NEW, LOGIN.password)


def test_a_refused_one_gives_way_to_the_next_edit_alone() -> None:
    refused = after("new", NEW, "Failed", "PodFailurePolicy")
    assert next_step(refused, NEW) == Rotation(LOGIN, "new")
    assert next_step(refused, NEWER) == Rotation(LOGIN, "newer")
    assert next_step(refused, LOGIN) == Rotation(LOGIN)


def test_another_change_is_another_job() -> None:
    first, second = (job_hash(world(*secrets(NEW, "new", version=version))) for version in ("1", "2"))
    assert first != second


def test_the_users_name_stays() -> None:
    assert next_step(world(*secrets(NEW)), DatabaseLogin("else", "new")) == Rotation(LOGIN, "new")


@pytest.mark.parametrize("key", ["POSTGRES_PASSWORD", "POSTGRES_NEXT_PASSWORD"])
def test_what_others_write_into_the_readers_secret_counts_for_nothing(key: str) -> None:
    mine, note = secrets(LOGIN)
    edited = copy.deepcopy(note)
    edited["data"][key] = "Zm9v"
    assert next_step(world(mine, edited), LOGIN) == Rotation(LOGIN)
    del note["metadata"]["annotations"]
    assert next_step(world(mine, note), LOGIN) == Rotation(LOGIN)


def test_each_end_is_told_with_what_to_do() -> None:
    refused, failed = after("new", NEW, "Failed", "PodFailurePolicy"), after("new", NEW, "Failed", "DeadlineExceeded")
    failed = failed.having([job_pod(job_name(failed), "no route to host")])
    for seen, reason, words in (
        (world(*secrets(NEW, "new")), Reason.ROTATING, NAMES.postgres_secret),
        (refused, Reason.PASSWORD_REFUSED, NAMES.postgres_secret),
        (refused, Reason.PASSWORD_REFUSED, "data that are older than the Secret"),
        (failed, Reason.ROTATION_FAILED, "no route to host"),
    ):
        said = told(seen)
        assert said is not None
        assert said[0] is reason
        assert words in said[1]
        assert not [word for word in ("very secret", 'new"') if word in said[1]]


def test_fingerprints_differ_by_secret_and_by_salt_and_tell_neither() -> None:
    found = {fingerprint("a", "b"), fingerprint("a", "c"), fingerprint("b", "b"), fingerprint("a", "b", "c")}
    assert len(found) == 4
    assert fingerprint("a", "b") in found
    assert all(len(item) == 16 for item in found)
