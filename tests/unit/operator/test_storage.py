"""Decided once, and then read from what exists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import Component
from bitcoincache_operator.builders import storage as builders
from bitcoincache_operator.builders.storage import Directory, Helper
from bitcoincache_operator.directories import Policy, directory_of, needs_nodes
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.storage import StoragePlan, mended_reference, plan
from support.specs import stack
from support.worlds import NAMES, node, pod, resource, world

HELPER = Helper("system", "operator:1")
POLICY = Policy("/var/lib/bitcoincache", HELPER)
BY_HAND = Policy("/var/lib/bitcoincache", None)
HERE = Directory("a", f"/srv/here/{NAMES.persistent_volume}")


def default_class(name: str, *, default: bool = True) -> Manifest:
    annotations = {"storageclass.kubernetes.io/is-default-class": str(default).lower()}
    return {"metadata": {"name": name, "annotations": annotations}}


def made(job: Manifest, condition: str = "Complete") -> Manifest:
    return {**job, "status": {"conditions": [{"type": condition, "status": "True"}]}}


def kinds(manifests: tuple[Manifest, ...]) -> list[str]:
    return [manifest["kind"] for manifest in manifests]


def told(found: StoragePlan) -> str:
    return found.trouble.message if found.trouble else ""


def claim_of(manifests: tuple[Manifest, ...]) -> Any:
    return next(manifest for manifest in manifests if manifest["kind"] == "PersistentVolumeClaim")["spec"]


def test_the_default_class_serves_where_none_is_named() -> None:
    classes = (default_class("slow", default=False), default_class("fast"))
    found = plan(world(storage_classes=classes), stack(), POLICY)
    assert claim_of(found.manifests)["storageClassName"] == "fast"
    assert found.directory is None


def test_a_named_class_is_taken_as_it_is() -> None:
    wanted = stack(postgres={"storage": {"storageClassName": "special"}})
    found = plan(world(storage_classes=(default_class("fast"),)), wanted, POLICY)
    assert claim_of(found.manifests)["storageClassName"] == "special"


def test_without_a_class_a_directory_is_made_first() -> None:
    found = plan(world(nodes=(node("a"),)), stack(), POLICY)
    assert kinds(found.manifests) == ["Job"]
    assert found.directory == Directory("a", f"/var/lib/bitcoincache/{NAMES.persistent_volume}")
    assert "is being made" in told(found)


def test_a_made_directory_gets_its_volume_and_claim() -> None:
    job = made(builders.make_directory_job(NAMES, HELPER, HERE))
    found = plan(world(job), stack(), POLICY)
    assert kinds(found.manifests) == ["PersistentVolume", "PersistentVolumeClaim"]
    assert (found.directory, found.trouble) == (HERE, None)


def test_a_directory_that_could_not_be_made_says_what_to_do() -> None:
    job = made(builders.make_directory_job(NAMES, HELPER, HERE), "Failed")
    found = plan(world(job), stack(), POLICY)
    assert "delete the Job to try again" in told(found)


def test_where_the_operator_may_not_a_person_is_asked() -> None:
    found = plan(world(nodes=(node("a"),)), stack(), BY_HAND)
    assert kinds(found.manifests) == ["PersistentVolume", "PersistentVolumeClaim"]
    assert "70:70" in told(found)
    assert "node a" in told(found)


WAITING: Manifest = {"state": {"waiting": {"reason": "ContainerCreating"}}, "lastState": {}}
ENDED: Manifest = {"terminated": {"exitCode": 1}}


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        ({}, True),
        ({"phase": "Pending", "containerStatuses": [WAITING]}, True),
        ({"containerStatuses": [{"state": {"running": {}}}]}, False),
        ({"containerStatuses": [{"state": ENDED}]}, False),
        ({"containerStatuses": [{**WAITING, "lastState": ENDED}]}, False),
        ({"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]}, False),
    ],
)
def test_a_person_is_asked_for_the_directory_only_while_postgres_may_lack_it(status: Manifest, asked: bool) -> None:
    claim, volume = builders.manual_claim(stack(), "1Gi", HERE), builders.volume(NAMES, "1Gi", HERE)
    found = plan(world(claim, volume, pod(Component.POSTGRES, "demo-postgres-a", **status)), stack(), BY_HAND)
    assert ("create the directory" in told(found)) is asked


def test_a_claim_on_its_way_out_is_told_before_any_other_trouble() -> None:
    cannot_grow = builders.claim(stack(), "1Gi", "fast")
    by_hand = builders.manual_claim(stack(), "1Gi", HERE)
    for claim in (cannot_grow, by_hand):
        before = plan(world(claim), stack(), BY_HAND).trouble
        assert before is not None
        assert before.reason is not Reason.STORAGE_DELETING
        after = plan(world(going(claim)), stack(), BY_HAND).trouble
        assert after is not None
        assert after.reason is Reason.STORAGE_DELETING


def test_a_volume_stays_where_it_is_whatever_nodes_there_are() -> None:
    volume = builders.volume(NAMES, "1Gi", HERE)
    found = plan(world(volume, nodes=(node("z"),)), stack(), POLICY)
    assert found.directory == HERE
    assert not needs_nodes(world(volume))


def test_a_volume_that_was_deleted_is_made_again_where_the_claim_says() -> None:
    claim = builders.manual_claim(stack(), "1Gi", HERE)
    found = plan(world(claim, nodes=(node("z"),)), stack(), POLICY)
    assert found.directory == HERE


def going(claim: Manifest) -> Manifest:
    return {**claim, "metadata": {**claim["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}


def growing(name: str, *, can: bool) -> Manifest:
    return {"metadata": {"name": name}, "allowVolumeExpansion": can}


def test_a_claim_grows_where_its_class_allows_it_and_never_shrinks() -> None:
    claim = builders.claim(stack(), "10Gi", "fast")
    for size, written in (("20Gi", "20Gi"), ("5Gi", "10Gi")):
        wanted = stack(postgres={"storage": {"size": size}})
        found = plan(world(claim, storage_classes=(growing("fast", can=True),)), wanted, POLICY)
        assert claim_of(found.manifests)["resources"]["requests"]["storage"] == written
        assert found.trouble is None


def test_a_class_that_can_not_grow_volumes_is_not_asked_to_and_says_the_way_back() -> None:
    claim, wanted = builders.claim(stack(), "10Gi", "fast"), stack(postgres={"storage": {"size": "20Gi"}})
    for classes in ((), (growing("fast", can=False), growing("other", can=True))):
        found = plan(world(claim, storage_classes=classes), wanted, POLICY)
        assert claim_of(found.manifests)["resources"]["requests"]["storage"] == "10Gi"
        assert found.trouble is not None
        assert found.trouble.reason is Reason.STORAGE_CANNOT_GROW
        assert "back to 10Gi" in found.trouble.message
        assert found.look_again


def test_growth_under_way_and_a_claim_on_its_way_out_are_told() -> None:
    claim = builders.claim(stack(), "5Gi", "fast")
    growing_claim = {**claim, "status": {"capacity": {"storage": "1Gi"}}}
    for live, reason in ((growing_claim, Reason.STORAGE_GROWING), (going(claim), Reason.STORAGE_DELETING)):
        trouble = plan(world(live), stack(), POLICY).trouble
        assert trouble is not None
        assert trouble.reason is reason
    assert plan(world({**claim, "status": {"capacity": {"storage": "5Gi"}}}), stack(), POLICY).trouble is None


def test_the_size_of_a_volume_on_a_node_is_never_changed() -> None:
    wanted = stack(postgres={"storage": {"size": "20Gi"}})
    claim, volume = builders.manual_claim(stack(), "5Gi", HERE), builders.volume(NAMES, "5Gi", HERE)
    found = plan(world(claim, volume), wanted, POLICY)
    assert [manifest["spec"] for manifest in found.manifests] == [volume["spec"], claim["spec"]]


def test_nodes_that_can_not_run_it_are_passed_over() -> None:
    taint = {"key": "dedicated", "effect": "NoSchedule"}
    mild = {"key": "dedicated", "effect": "PreferNoSchedule"}
    nodes = (node("a", ready=False), node("b", unschedulable=True), node("c", taints=[taint]))
    nowhere = plan(world(nodes=nodes), stack(), POLICY)
    assert "no node can hold the volume" in told(nowhere)
    assert nowhere.look_again
    found = plan(world(nodes=(*nodes, node("d", taints=[mild]))), stack(), POLICY)
    assert found.directory is not None
    assert found.directory.hostname == "d"


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_choice_of_the_node_does_not_depend_on_their_order(hostnames: list[str]) -> None:
    def chosen(order: list[str]) -> Directory | None:
        return plan(world(nodes=tuple(map(node, order))), stack(), POLICY).directory

    assert chosen(hostnames) == chosen(sorted(hostnames))


def test_a_directory_is_read_back_from_the_job_that_makes_it() -> None:
    for parent in ("/srv/here", "/data", "/a/b/c"):
        directory = Directory("a", f"{parent}/{NAMES.persistent_volume}")
        assert directory_of(world(builders.make_directory_job(NAMES, HELPER, directory))) == directory


def known(claim: Manifest, uid: str, **annotations: str) -> Manifest:
    """A claim as the API server has it."""
    told_of = {**claim["metadata"].get("annotations", {}), **annotations}
    return {**claim, "metadata": {**claim["metadata"], "uid": uid, "annotations": told_of}}


def test_a_volume_is_for_the_claim_that_there_is() -> None:
    fresh = builders.volume(NAMES, "1Gi", HERE)
    taken = {**fresh, "spec": {**fresh["spec"], "claimRef": {**fresh["spec"]["claimRef"], "uid": "old"}}}
    claim = builders.manual_claim(stack(), "1Gi", HERE)
    old, new = (known(claim, uid) for uid in ("old", "new"))
    assert mended_reference(world(taken, new)) == {"uid": None, "resourceVersion": None}
    for right in (world(taken, old), world(taken), world(fresh, new), world(fresh), world(new), world()):
        assert mended_reference(right) == {}


def test_a_volume_that_was_made_again_names_the_claim_that_was_bound_before() -> None:
    volume = builders.volume(NAMES, "1Gi", HERE)
    bound = known(builders.manual_claim(stack(), "1Gi", HERE), "a", **{"pv.kubernetes.io/bind-completed": "yes"})
    assert mended_reference(world(volume, bound)) == {"uid": "a", "resourceVersion": None}
    to_another = {**bound, "spec": {**bound["spec"], "volumeName": "another"}}
    assert mended_reference(world(volume, to_another)) == {}


def test_a_claim_that_lost_the_volume_of_its_class_is_told_and_the_operators_own_comes_back() -> None:
    lost = {"status": {"phase": "Lost"}}
    by_class = plan(world({**builders.claim(stack(), "1Gi", "fast"), **lost}), stack(), POLICY).trouble
    assert by_class is not None
    assert by_class.reason is Reason.STORAGE_LOST
    volume, claim = builders.volume(NAMES, "1Gi", HERE), builders.manual_claim(stack(), "1Gi", HERE)
    own = plan(world(volume, {**claim, **lost}), stack(), POLICY).trouble
    assert own is not None
    assert own.reason is Reason.STORAGE_PENDING


def test_a_note_of_another_ones_directory_is_not_believed() -> None:
    theirs = Directory("a", "/var/lib/bitcoincache/other-demo-postgres")
    claim = builders.manual_claim(stack(), "1Gi", theirs)
    found = plan(world(claim, nodes=(node("z"),)), stack(), POLICY)
    assert found.directory == Directory("z", f"/var/lib/bitcoincache/{NAMES.persistent_volume}")


def test_a_resources_note_of_a_node_of_another_cluster_is_not_waited_for() -> None:
    noted, nodes = replace(resource(), directory=HERE), (node("z"),)
    restored = world(about=noted, nodes=nodes)
    assert needs_nodes(restored)
    found = plan(restored, stack(), POLICY)
    assert found.directory == Directory("z", f"/var/lib/bitcoincache/{NAMES.persistent_volume}")
    assert plan(world(about=noted, nodes=(*nodes, node("a", ready=False))), stack(), POLICY).directory == HERE
    for made_there in (
        builders.make_directory_job(NAMES, HELPER, HERE),
        builders.volume(NAMES, "1Gi", HERE),
        builders.manual_claim(stack(), "1Gi", HERE),
    ):
        seen = world(made_there, about=noted, nodes=nodes)
        assert plan(seen, stack(), POLICY).directory == HERE
        assert not needs_nodes(seen)


def test_a_path_is_no_wish_for_the_default_class() -> None:
    wanted = stack(postgres={"storage": {"path": "/srv/here"}})
    found = plan(world(nodes=(node("a"),), storage_classes=(default_class("fast"),)), wanted, POLICY)
    assert found.directory == HERE


def pending(storage_class: str, **annotations: str) -> Manifest:
    found = plan(world(), stack(postgres={"storage": {"storageClassName": storage_class}}), POLICY)
    [claim] = found.manifests
    metadata = {**claim["metadata"], "annotations": annotations}
    return {**claim, "metadata": metadata, "status": {"phase": "Pending"}}


def waited_for(claim: Manifest, *classes: Manifest) -> str:
    name = claim["spec"]["storageClassName"]
    wanted = stack(postgres={"storage": {"storageClassName": name}})
    return told(plan(world(claim, storage_classes=classes), wanted, POLICY))


def test_a_class_that_does_not_exist_is_named() -> None:
    assert "no storage class nosuch" in waited_for(pending("nosuch"), default_class("fast"))


def test_a_class_that_has_yet_to_make_the_volume_is_named() -> None:
    later = {**default_class("fast"), "provisioner": "example.com/disks", "volumeBindingMode": "WaitForFirstConsumer"}
    assert "example.com/disks" in waited_for(pending("fast"), {**later, "volumeBindingMode": "Immediate"})
    chosen = pending("fast", **{"volume.kubernetes.io/selected-node": "a"})
    assert "example.com/disks" in waited_for(chosen, later)


def test_a_class_that_waits_for_a_pod_to_be_scheduled_is_not_to_blame() -> None:
    later = {**default_class("fast"), "provisioner": "example.com/disks", "volumeBindingMode": "WaitForFirstConsumer"}
    assert waited_for(pending("fast"), later) == ""
