"""A new version waits for its turn; one that was edited by hand, or is scaled, doesn't."""

from __future__ import annotations

import copy
from typing import Any

from bitcoincache_api.crd.status import BitcoinCacheStatus, Reason
from bitcoincache_api.names import Component
from bitcoincache_operator import assembly
from bitcoincache_operator.builders import backend, storage
from bitcoincache_operator.builders.prime import priming_hash
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.survey import surveyed
from bitcoincache_operator.world import World
from support.specs import LOGIN, stack
from support.worlds import PRIMED, endpoints, redis_pod, resource, running, world

OLD = assembly.deployments(stack(), LOGIN, "")
NEW = assembly.deployments(stack(backend={"image": "backend:2"}), LOGIN, "")


def running_world(*deployments: Manifest, primed_for: dict[Component, Manifest], **spec: Any) -> World:
    redis = redis_pod()
    wanted = priming_hash(primed_for[Component.BACKEND]["spec"]["template"], str(world(redis).redis_container), "")
    status = BitcoinCacheStatus(priming=PRIMED.model_copy(update={"hash": wanted}))
    claim = storage.claim(stack(), "1Gi", "fast")
    led = [endpoints(manifest["metadata"]["name"]) for manifest in deployments]
    return world(redis, claim, *map(running, deployments), *led, about=resource(status, **spec))


def test_a_stack_that_runs_is_all_settled() -> None:
    seen = surveyed(running_world(*OLD.values(), primed_for=OLD), OLD)
    assert all(work.settled for work in seen.workloads.values())
    assert not any(seen.held.values())


def test_a_new_backend_is_held_until_it_is_primed_for() -> None:
    assert surveyed(running_world(*OLD.values(), primed_for=OLD), NEW).held[Component.BACKEND]
    assert not surveyed(running_world(*OLD.values(), primed_for=NEW), NEW).held[Component.BACKEND]


def test_a_backend_that_is_only_scaled_or_edited_is_not_held() -> None:
    scaled = assembly.deployments(stack(replicas=5), LOGIN, "")
    assert not surveyed(running_world(*OLD.values(), primed_for=NEW), scaled).held[Component.BACKEND]
    edited = copy.deepcopy(OLD)
    edited[Component.BACKEND]["spec"]["template"]["spec"]["containers"][0]["image"] = "other"
    assert not surveyed(running_world(*edited.values(), primed_for=NEW), OLD).held[Component.BACKEND]


def test_what_runs_with_another_template_is_renewed() -> None:
    assert not surveyed(running_world(*OLD.values(), primed_for=OLD), OLD).renewed
    assert surveyed(running_world(*OLD.values(), primed_for=OLD), NEW).renewed == [Component.BACKEND]
    assert not surveyed(world(), NEW).renewed


def test_the_page_waits_for_a_backend_that_waits() -> None:
    changed = assembly.deployments(stack(backend={"image": "backend:2"}, frontend={"image": "frontend:2"}), LOGIN, "")
    held = surveyed(running_world(*OLD.values(), primed_for=OLD), changed).held
    assert held[Component.BACKEND]
    assert held[Component.FRONTEND]


def test_pods_of_a_first_creation_start_together_once_there_is_a_volume() -> None:
    held = surveyed(world(), OLD).held
    assert {component for component, why in held.items() if why} == {Component.POSTGRES, Component.PRIME}


def test_traffic_gets_in_once_the_cache_was_primed_and_stays_in() -> None:
    assert not surveyed(world(), OLD).opened
    assert surveyed(running_world(*OLD.values(), primed_for=OLD), NEW).opened
    service = backend.service(stack())
    assert surveyed(world(service), OLD).opened
    assert not surveyed(world(backend.closed_service(stack())), OLD).opened


def test_a_version_that_could_not_be_applied_is_not_settled() -> None:
    changed = assembly.deployments(stack(redis={"image": "redis:8"}), LOGIN, "")
    redis = surveyed(running_world(*OLD.values(), primed_for=OLD), changed).workloads[Component.REDIS]
    assert not redis.settled
    assert "not applied yet" in redis.message


def test_a_pause_holds_whatever_is_new_and_says_so() -> None:
    changed = assembly.deployments(stack(redis={"image": "redis:8"}), LOGIN, "")
    seen = surveyed(running_world(*OLD.values(), primed_for=OLD, paused=True), changed)
    assert not seen.workloads[Component.REDIS].settled
    assert "pause" in seen.workloads[Component.REDIS].message
    assert seen.workloads[Component.BACKEND].settled


def test_ready_pods_that_no_service_leads_to_are_not_settled() -> None:
    there = running_world(*OLD.values(), primed_for=OLD)
    closed = there.having([endpoints("demo-backend", ready=False)])
    backends = surveyed(closed, OLD).workloads[Component.BACKEND]
    assert (backends.settled, backends.reason) == (False, Reason.ROLLING_OUT)
    assert "Service demo-backend leads to no pod yet" in backends.message
    none = assembly.deployments(stack(replicas=0), LOGIN, "")
    assert surveyed(closed.having([running(none[Component.BACKEND])]), none).workloads[Component.BACKEND].settled
