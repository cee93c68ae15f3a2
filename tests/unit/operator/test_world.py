"""What belongs to whom, and what a secret says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bitcoincache_api.names import FINALIZER, Component
from bitcoincache_operator.builders import backend, postgres
from bitcoincache_operator.builders.stack import DatabaseLogin
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.sync import APPLIED_ANNOTATION
from bitcoincache_operator.world import World, belongs_to, has_started
from support.specs import LOGIN, stack
from support.worlds import pod, resource, world

MANAGED = {"app.kubernetes.io/managed-by": "bitcoincache-operator"}


def thing(labels: dict[str, str], **owner: Any) -> Manifest:
    whole = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "name": "demo", "uid": "uid-1"}
    owners = [{**whole, "controller": True, **owner}] if owner else []
    return {"metadata": {"name": "x", "labels": labels, "ownerReferences": owners}}


@pytest.mark.parametrize(
    ("live", "ours"),
    [
        (thing({}), False),
        (thing({"app.kubernetes.io/managed-by": "Helm"}), False),
        (thing(MANAGED), True),
        (thing({}, uid="uid-1"), True),
        (thing(MANAGED, uid="a predecessor of the same name"), True),
        (thing(MANAGED, name="other", uid="uid-2"), False),
        (thing(MANAGED, kind="CronJob", uid="uid-2"), False),
        (thing(MANAGED, apiVersion="example.com/v1", uid="uid-2"), False),
    ],
)
def test_only_what_is_the_resources_own_may_be_changed(live: Manifest, ours: bool) -> None:
    assert belongs_to(resource(), live) is ours


def test_the_login_is_read_from_its_secret_or_else_from_the_copy() -> None:
    own, copy = postgres.secret(stack(), LOGIN), backend.secret(stack(), DatabaseLogin("bitcoin", "of the copy"))
    assert world(own, copy).login() == LOGIN
    assert world(copy).login() == DatabaseLogin("bitcoin", "of the copy")
    assert world().login() is None


@pytest.mark.parametrize("data", [{}, {"POSTGRES_USER": "eA=="}, {"POSTGRES_USER": "eA==", "POSTGRES_PASSWORD": "?"}])
def test_a_secret_without_a_login_is_none(data: dict[str, str]) -> None:
    assert world({**postgres.secret(stack(), LOGIN), "data": data}).login() is None


def test_secrets_do_not_show_when_a_world_is_printed() -> None:
    seen = world(postgres.secret(stack(), LOGIN))
    assert postgres.login_data(LOGIN)["POSTGRES_PASSWORD"] not in repr(seen)


def test_a_pod_has_started_once_all_its_containers_run() -> None:
    running: Manifest = {"state": {"running": {}}}
    waiting: Manifest = {"state": {"waiting": {"reason": "CrashLoopBackOff"}}}
    assert has_started(pod(Component.REDIS, "a", containerStatuses=[running]))
    assert not has_started(pod(Component.REDIS, "a", containerStatuses=[running, waiting]))
    assert not has_started(pod(Component.REDIS, "a", "Pending"))


def test_what_the_operator_made_stays_its_own_when_its_labels_are_gone() -> None:
    bare = {"metadata": {"name": "demo-postgres", "annotations": {APPLIED_ANNOTATION: "0a1b"}}}
    assert belongs_to(resource(), bare)
    assert not belongs_to(resource(), {"metadata": {"name": "demo-postgres", "annotations": {"other": "0a1b"}}})


def test_data_are_lost_where_retain_is_asked_for_and_they_still_belong_to_the_resource() -> None:
    def around(asked: str, made: str, *finalizers: str) -> World:
        about = replace(resource(deletionPolicy=asked), finalizers=finalizers)
        return world(postgres.secret(stack(deletionPolicy=made), LOGIN), about=about)

    assert around("Retain", "Delete").loses_data
    assert not around("Retain", "Retain").loses_data
    assert not around("Delete", "Delete").loses_data
    assert not around("Retain", "Delete", FINALIZER).loses_data
