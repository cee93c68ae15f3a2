"""The database's password is changed by editing its Secret: PostgreSQL first, its readers after."""

from __future__ import annotations

import base64

import pytest

from bitcoincache_api.names import CHECKSUM_ANNOTATION
from integration.operator.playground import Playground
from support.kubernetes import Object

SECRET, READERS = "demo-postgres-secret", "demo-backend-secret"


@pytest.fixture
def ready(playground: Playground) -> Playground:
    playground.make_ready(redisInsight={"enabled": False})
    return playground


def edit(playground: Playground, password: str) -> None:
    playground.api.patch("secrets", SECRET, {"stringData": {"POSTGRES_PASSWORD": password}})


def held(playground: Playground, secret: str) -> dict[str, str]:
    data = playground.api.get("secrets", secret)["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def rotations(playground: Playground) -> list[Object]:
    return [job for job in playground.api.list("jobs") if "-rotate-" in job["metadata"]["name"]]


def rotation(playground: Playground) -> Object:
    """The one Job that there is, once there is one that hasn't ended."""

    def found() -> Object | None:
        return next((job for job in rotations(playground) if not job.get("status", {}).get("conditions")), None)

    job: Object = playground.until("a Job", found)
    return job


def templates(playground: Playground) -> dict[str, str]:
    return {
        item["metadata"]["name"]: item["spec"]["template"]["metadata"]["annotations"][CHECKSUM_ANNOTATION]
        for item in playground.api.list("deployments")
    }


def test_postgres_takes_it_first_then_its_readers_roll_and_nothing_else(ready: Playground) -> None:
    first, before = held(ready, READERS)["POSTGRES_PASSWORD"], templates(ready)
    edit(ready, "new")
    job = rotation(ready)
    ready.until("it is told", lambda: ready.condition().get("reason") == "Rotating")
    assert held(ready, READERS) == {
        "POSTGRES_USER": "bitcoin",
        "POSTGRES_PASSWORD": first,
        "POSTGRES_NEXT_PASSWORD": "new",
    }
    assert templates(ready) == before

    ready.controllers.finish(job)
    ready.until("the readers have it", lambda: held(ready, READERS)["POSTGRES_PASSWORD"] == "new")
    ready.until("ready", ready.is_ready, ready.play)
    assert {name for name, checksum in templates(ready).items() if checksum != before[name]} == {"demo-backend"}
    assert held(ready, READERS) == held(ready, SECRET)
    ready.until("the Job is gone", lambda: not rotations(ready))


def test_an_operator_that_is_stopped_in_between_goes_on(ready: Playground) -> None:
    edit(ready, "new")
    job = rotation(ready)
    ready.operator.stop()
    ready.controllers.finish(job)
    edit(ready, "newer")
    ready.operator.start()
    ready.until("the first is done", lambda: held(ready, READERS)["POSTGRES_PASSWORD"] == "new")
    ready.until("ready", ready.is_ready, ready.play)
    assert held(ready, READERS)["POSTGRES_PASSWORD"] == "newer"


def test_a_refused_password_leaves_the_readers_alone_and_is_mended_by_another_edit(ready: Playground) -> None:
    first, before = held(ready, READERS)["POSTGRES_PASSWORD"], templates(ready)
    edit(ready, "mistaken")
    ready.controllers.fail(rotation(ready), "refused", reason="PodFailurePolicy")
    ready.until("it is told", lambda: ready.condition("PostgresReady").get("reason") == "PasswordRefused")
    assert SECRET in ready.condition()["message"]
    assert held(ready, READERS)["POSTGRES_PASSWORD"] == first
    assert templates(ready) == before

    edit(ready, "right")
    ready.until("ready", lambda: held(ready, READERS)["POSTGRES_PASSWORD"] == "right" and ready.is_ready(), ready.play)


def test_a_rotation_that_fails_otherwise_is_tried_again_when_its_job_is_gone(ready: Playground) -> None:
    edit(ready, "new")
    job = rotation(ready)
    ready.controllers.fail(job, "no route to host")
    ready.until("it is told", lambda: "no route to host" in ready.condition().get("message", ""))
    assert ready.condition()["reason"] == "RotationFailed"
    # As its TTL does.
    ready.api.delete("jobs", job["metadata"]["name"])
    ready.until("ready", lambda: held(ready, READERS)["POSTGRES_PASSWORD"] == "new" and ready.is_ready(), ready.play)


def test_an_edit_of_the_readers_secret_is_undone_and_nothing_rolls(ready: Playground) -> None:
    before = templates(ready)
    ready.api.patch("secrets", READERS, {"stringData": {"POSTGRES_PASSWORD": "by hand"}})
    ready.until("it is undone", lambda: held(ready, READERS) == held(ready, SECRET))
    ready.api.patch("secrets", SECRET, {"stringData": {"POSTGRES_USER": "somebody"}})
    ready.until("so is another user", lambda: held(ready, SECRET)["POSTGRES_USER"] == "bitcoin")
    assert templates(ready) == before
    assert not rotations(ready)
