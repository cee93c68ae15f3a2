"""What changes rolls out in its order, and no more than it must."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from integration.operator.lane import Lane
from integration.operator.playground import Playground


@pytest.fixture
def ready(playground: Playground) -> Playground:
    playground.make_ready()
    return playground


def test_a_changed_image_primes_first_and_rolls_after(ready: Playground) -> None:
    first = ready.status["priming"]["job"]
    ready.change(backend={"image": "example.com/backend:2"})
    job = ready.until("another Job", lambda: ready.api.names("jobs") - {first}).pop()
    assert image(ready) == "example.com/backend:1"
    assert ready.condition().get("status") != "True"
    ready.until("the first Job is gone", lambda: first not in ready.api.names("jobs"))

    ready.controllers.finish(ready.api.get("jobs", job))
    ready.until("the new image", lambda: image(ready) == "example.com/backend:2")
    ready.until("ready", ready.is_ready, ready.play)
    assert ready.status["priming"]["job"] == job


def test_scaling_neither_primes_nor_waits(ready: Playground) -> None:
    jobs = ready.api.names("jobs")
    ready.api.patch("bitcoincaches", "demo", {"spec": {"replicas": 4}}, "scale")
    ready.until("four pods are wanted", lambda: replicas(ready) == 4)
    ready.until("ready", ready.is_ready, ready.play)
    assert ready.status["replicas"] == 4
    assert ready.api.names("jobs") == jobs


def test_scaling_goes_on_while_a_new_version_waits(ready: Playground) -> None:
    ready.change(backend={"image": "example.com/backend:2"}, replicas=3)
    ready.until("three pods are wanted", lambda: replicas(ready) == 3)
    assert image(ready) == "example.com/backend:1"


def test_changed_configuration_rolls_the_pods_that_read_it(ready: Playground) -> None:
    before = generations(ready)
    ready.change(frontend={"pollInterval": "9s"})
    ready.until("the page's pods roll", lambda: generations(ready)["demo-frontend"] > before["demo-frontend"])
    ready.until("ready", ready.is_ready, ready.play)
    assert {name for name, number in generations(ready).items() if number != before[name]} == {"demo-frontend"}


def test_a_replaced_redis_is_primed_again_and_nothing_rolls(ready: Playground) -> None:
    first = ready.status["priming"]["hash"]
    before = generations(ready)
    ready.api.delete("pods", "demo-redis-0")
    ready.until("another priming", lambda: ready.status["priming"]["hash"] != first, ready.play)
    ready.until("ready", ready.is_ready, ready.play)
    assert generations(ready) == before


def test_a_redis_that_was_restarted_in_its_pod_is_primed_again_once_it_runs_and_nothing_rolls(
    ready: Playground,
) -> None:
    first = ready.status["priming"]["job"]
    before = generations(ready)
    restarting = {"waiting": {"reason": "CrashLoopBackOff"}}
    ready.controllers.have_container("demo-redis-0", restarting, containerID="containerd://before", restartCount=1)
    ready.until("it waits for Redis", lambda: waits_for_a_container(ready))
    assert primings(ready) == {first}

    ready.controllers.run_container("demo-redis-0", "containerd://after")
    ready.until("another Job", lambda: ready.api.names("jobs") - {first})
    ready.until("ready", ready.is_ready, ready.play)
    assert ready.status["priming"]["job"] != first
    assert primings(ready) == {first, ready.status["priming"]["job"]}
    assert generations(ready) == before


def test_a_first_creation_primes_once_though_the_pod_is_there_before_its_container(playground: Playground) -> None:
    playground.create()
    deployment = playground.until("Redis is wanted", lambda: playground.api.find("deployments", "demo-redis"))
    playground.controllers.make_pod(deployment, "demo-redis-0")
    playground.controllers.have_container("demo-redis-0", {"waiting": {"reason": "ContainerCreating"}})
    playground.until("it waits for Redis alone", lambda: waits_for_a_container(playground), playground.play)
    assert not primings(playground)

    playground.controllers.run_container("demo-redis-0", "containerd://first")
    playground.until("ready", playground.is_ready, playground.play)
    assert primings(playground) == {playground.status["priming"]["job"]}


def test_what_was_primed_is_not_primed_again_when_its_job_is_gone(field: Lane) -> None:
    job = field.status["priming"]["job"]
    field.visited(lambda: field.api.delete("jobs", job))
    field.visited(lambda: field.api.delete("pods", f"{job}-0"))
    assert not field.api.names("jobs")
    assert field.is_ready()


def test_a_failed_priming_says_why_lets_nobody_in_and_runs_again_when_its_job_is_deleted(
    playground: Playground,
) -> None:
    job = failed_priming(playground)
    playground.until("the pod's words are told", lambda: "no route to host" in playground.condition()["message"])
    assert job in playground.condition()["message"]
    assert "selector" not in playground.api.get("services", "demo-backend")["spec"]

    playground.api.delete("jobs", job)
    playground.api.delete("pods", f"{job}-0")
    playground.until("ready", playground.is_ready, playground.play)


def test_a_failed_priming_is_tried_again_after_a_while(playground: Playground) -> None:
    job = failed_priming(playground, datetime(2026, 1, 1, tzinfo=UTC))
    playground.until("another Job", lambda: not has_ended(playground, job))
    playground.api.delete("pods", f"{job}-0")
    playground.until("ready", playground.is_ready, playground.play)


def test_a_failed_priming_of_a_new_version_keeps_the_old_one_and_a_mended_spec_goes_on(ready: Playground) -> None:
    first = ready.api.names("jobs")
    ready.change(backend={"image": "example.com/backend:broken"})
    job = ready.until("another Job", lambda: ready.api.names("jobs") - first).pop()
    ready.controllers.fail(ready.api.get("jobs", job), "no such command")
    ready.until("it is told", lambda: ready.condition("CachePrimed").get("reason") == "PrimingFailed")
    assert image(ready) == "example.com/backend:1"
    assert ready.api.get("services", "demo-backend")["spec"]["selector"]
    ready.change(backend={"image": "example.com/backend:2"})
    ready.until("ready", ready.is_ready, ready.play)
    assert image(ready) == "example.com/backend:2"


def test_a_priming_can_be_asked_for(ready: Playground) -> None:
    hashes = {ready.status["priming"]["hash"]}
    before = generations(ready)
    for request in ("now", "and again"):
        ready.api.patch("bitcoincaches", "demo", {"metadata": {"annotations": {"bitcoincache.dev/prime": request}}})
        ready.until("another priming", lambda: ready.status["priming"]["hash"] not in hashes, ready.play)
        ready.until("ready", ready.is_ready, ready.play)
        hashes.add(ready.status["priming"]["hash"])
    assert len(hashes) == 3
    assert generations(ready) == before


def test_what_an_autoscaler_asks_for_is_followed_and_never_written_over(playground: Playground) -> None:
    playground.make_ready(backend={"autoscaling": {}})
    for wanted in (4, 3):
        playground.api.patch("bitcoincaches", "demo", {"spec": {"replicas": wanted}}, "scale")
        playground.until("the backend follows", partial(has_replicas, playground, wanted))
        playground.until("ready", playground.is_ready, playground.play)
        assert playground.resource["spec"]["replicas"] == wanted
    asked = [request["objectRef"] for request in playground.operator_writes()]
    assert {item.get("subresource") for item in asked if item["resource"] == "bitcoincaches"} == {"status"}


def test_what_is_switched_off_is_removed(playground: Playground) -> None:
    playground.make_ready(cache={"warming": {"schedule": "0 * * * *"}}, backend={"autoscaling": {}})
    playground.change(
        redisInsight={"enabled": False},
        cache={"warming": None},
        backend={"autoscaling": None},
        frontend={"replicas": 1},
        networkPolicy={"enabled": False},
    )
    playground.until("no CronJob", lambda: not playground.api.names("cronjobs"))
    playground.until("no autoscaler", lambda: not playground.api.names("horizontalpodautoscalers"))
    playground.until("no policies", lambda: not playground.api.names("networkpolicies"))
    playground.until("one budget", lambda: playground.api.names("poddisruptionbudgets") == {"demo-backend"})
    playground.until("no RedisInsight", lambda: "demo-redisinsight" not in playground.api.names("deployments"))
    assert "demo-redisinsight" not in playground.api.names("services") | playground.api.names("serviceaccounts")
    playground.until("ready", playground.is_ready, playground.play)
    assert playground.condition("RedisInsightReady")["reason"] == "Disabled"
    assert "redisinsight" not in playground.status["components"]


def test_a_backend_service_with_another_address_rolls_the_page(ready: Playground) -> None:
    before = generations(ready)
    address = ready.api.get("services", "demo-backend")["spec"]["clusterIP"]
    ready.api.delete("services", "demo-backend")
    ready.until("the Service is back", lambda: ready.api.find("services", "demo-backend"))
    assert ready.api.get("services", "demo-backend")["spec"]["clusterIP"] != address
    ready.until("the page's pods roll", lambda: generations(ready)["demo-frontend"] > before["demo-frontend"])
    assert generations(ready)["demo-backend"] == before["demo-backend"]


def test_paused_is_hands_off_and_the_truth(ready: Playground) -> None:
    ready.change(paused=True)
    ready.until("paused", lambda: ready.condition("Paused").get("status") == "True")
    ready.api.patch("deployments", "demo-redis", {"spec": {"replicas": 0}})
    ready.until("it is told", lambda: ready.condition("RedisReady").get("reason") == "ScaledToZero", ready.play)
    assert ready.condition()["status"] == "False"
    assert ready.api.get("deployments", "demo-redis")["spec"]["replicas"] == 0
    first = ready.status["priming"]["hash"]

    ready.change(paused=False)
    ready.until("ready", ready.is_ready, ready.play)
    assert ready.api.get("deployments", "demo-redis")["spec"]["replicas"] == 1
    assert ready.status["priming"]["hash"] != first


def test_a_pause_tells_what_is_not_as_the_spec_asks(ready: Playground) -> None:
    ready.change(paused=True)
    ready.until("paused, and ready", lambda: ready.condition("Paused").get("status") == "True" and ready.is_ready())
    ready.api.patch("configmaps", "demo-redis-config", {"data": {"redis.conf": "maxmemory 1"}})
    ready.until("it is told", lambda: ready.condition().get("reason") == "Paused")
    assert "ConfigMap demo-redis-config" in ready.condition()["message"]
    assert ready.api.get("configmaps", "demo-redis-config")["data"] == {"redis.conf": "maxmemory 1"}
    ready.change(paused=False)
    ready.until("ready", ready.is_ready, ready.play)


@pytest.mark.parametrize(
    ("waiting", "reason"),
    [
        ("ImagePullBackOff", "ImagePullFailed"),
        ("CrashLoopBackOff", "CrashLoop"),
        ("CreateContainerConfigError", "Unavailable"),
    ],
)
def test_what_keeps_a_pod_from_running_is_told(ready: Playground, waiting: str, reason: str) -> None:
    ready.api.patch("deployments", "demo-redis", {"status": {"readyReplicas": 0, "availableReplicas": 0}}, "status")
    container: dict[str, Any] = {"name": "redis", "image": "example.com/redis:7", "imageID": "", "ready": False}
    state = {"waiting": {"reason": waiting, "message": "so it is"}}
    status = {"containerStatuses": [{**container, "restartCount": 3, "state": state}]}
    ready.api.patch("pods", "demo-redis-0", {"status": status}, "status")
    ready.until("it is told", lambda: ready.condition("RedisReady").get("reason") == reason)
    assert ready.condition()["reason"] == reason
    assert "demo-redis-0" in ready.condition()["message"]


def failed_priming(playground: Playground, time: datetime | None = None) -> str:
    """A first creation whose priming failed, now or at that time; the Job's name."""
    playground.create()
    playground.until("a Job", lambda: playground.api.names("jobs"), lambda: without_jobs(playground))
    [job] = playground.api.list("jobs")
    playground.controllers.fail(job, "Traceback\npsycopg.OperationalError: no route to host", time=time)
    if time is None:
        playground.until("it is told", lambda: playground.condition("CachePrimed").get("reason") == "PrimingFailed")
    name: str = job["metadata"]["name"]
    return name


def has_ended(playground: Playground, job: str) -> bool:
    """Whether the Job is gone, or has come to an end."""
    live = playground.api.find("jobs", job)
    return live is None or bool(live.get("status", {}).get("conditions"))


def waits_for_a_container(playground: Playground) -> bool:
    """Whether the priming waits for a Redis that runs."""
    return "none runs" in playground.condition("CachePrimed").get("message", "")


def primings(playground: Playground) -> set[str]:
    """All Jobs that the operator has asked for so far."""
    asked = [request["objectRef"] for request in playground.operator_writes() if request["verb"] == "patch"]
    return {item["name"] for item in asked if item["resource"] == "jobs"}


def without_jobs(playground: Playground) -> None:
    playground.nodes.play()
    for live in playground.api.list("deployments"):
        playground.controllers.run(live)


def image(playground: Playground) -> str:
    [container] = playground.api.get("deployments", "demo-backend")["spec"]["template"]["spec"]["containers"]
    found: str = container["image"]
    return found


def has_replicas(playground: Playground, wanted: int) -> bool:
    return replicas(playground) == wanted


def replicas(playground: Playground) -> int:
    found: int = playground.api.get("deployments", "demo-backend")["spec"]["replicas"]
    return found


def generations(playground: Playground) -> dict[str, int]:
    return {item["metadata"]["name"]: item["metadata"]["generation"] for item in playground.api.list("deployments")}
