"""Where the data live, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration.operator.playground import Playground
from support.kubernetes import ApiError, Object

SECRET = ("secrets", "demo-postgres-secret")
CLAIM = ("persistentvolumeclaims", "demo-postgres")
DEFAULT = "storageclass.kubernetes.io/is-default-class"


@pytest.fixture
def default_class(playground: Playground) -> Iterator[str]:
    metadata = {"name": "cloud", "annotations": {DEFAULT: "true"}}
    playground.api.create("storageclasses", {"metadata": metadata, "provisioner": "example.com/disk"})
    yield "cloud"
    playground.api.delete("storageclasses", "cloud")


def test_the_clusters_default_class_is_taken(playground: Playground, default_class: str) -> None:
    playground.make_ready()
    assert playground.api.get(*CLAIM)["spec"]["storageClassName"] == default_class
    assert playground.volume_name not in playground.api.names("persistentvolumes")


def test_a_claim_stays_with_its_class_when_another_becomes_the_default(playground: Playground) -> None:
    playground.make_ready()
    metadata = {"name": "later", "annotations": {DEFAULT: "true"}}
    playground.api.create("storageclasses", {"metadata": metadata, "provisioner": "example.com/disk"})
    try:
        playground.change(replicas=3)
        playground.until("ready with another spec", playground.is_ready, playground.play)
        assert playground.api.get(*CLAIM)["spec"]["storageClassName"] == "manual"
    finally:
        playground.api.delete("storageclasses", "later")


def test_a_volume_grows_where_its_class_allows_it_and_the_way_back_is_open_where_not(playground: Playground) -> None:
    allows = {"metadata": {"name": "elastic"}, "provisioner": "example.com/disk"}
    playground.api.create("storageclasses", allows)
    try:
        playground.make_ready(postgres={"storage": {"storageClassName": "elastic"}})
        playground.api.patch(*CLAIM, {"status": {"phase": "Bound", "capacity": {"storage": "5Gi"}}}, "status")
        playground.change(postgres={"storage": {"size": "10Gi"}})
        playground.until("it is told", lambda: playground.condition().get("reason") == "StorageCannotGrow")
        assert "back to 5Gi" in playground.condition()["message"]
        assert playground.condition("PostgresReady")["status"] == "True"
        playground.change(postgres={"storage": {"size": "5Gi"}})
        playground.until("ready", playground.is_ready)
        with pytest.raises(ApiError, match="storage can't shrink"):
            playground.change(postgres={"storage": {"size": "4Gi"}})

        playground.api.patch("storageclasses", "elastic", {"allowVolumeExpansion": True})
        playground.change(postgres={"storage": {"size": "10Gi"}})
        playground.until("it grows", lambda: playground.condition().get("reason") == "StorageGrowing")
        assert playground.api.get(*CLAIM)["spec"]["resources"]["requests"]["storage"] == "10Gi"
        playground.api.patch(*CLAIM, {"status": {"capacity": {"storage": "10Gi"}}}, "status")
        playground.until("ready", playground.is_ready)
    finally:
        playground.api.delete("storageclasses", "elastic")


def test_a_claim_that_is_being_deleted_is_told_while_its_data_can_be_saved(playground: Playground) -> None:
    playground.make_ready()
    playground.api.delete(*CLAIM)
    playground.until("it is told", lambda: playground.condition().get("reason") == "StorageDeleting")
    assert playground.condition("PostgresReady")["status"] == "True"
    playground.until("ready", playground.is_ready, playground.play)


@pytest.mark.parametrize(("plural", "name"), [SECRET, CLAIM])
def test_kept_data_that_lost_their_labels_get_them_back(playground: Playground, plural: str, name: str) -> None:
    playground.make_ready()
    labels = playground.api.get(plural, name)["metadata"]["labels"]
    playground.api.patch(plural, name, {"metadata": {"labels": dict.fromkeys(labels)}})
    playground.until("labels", lambda: playground.api.get(plural, name)["metadata"].get("labels") == labels)


def test_the_operators_own_volume_stays_on_one_usable_node(playground: Playground) -> None:
    playground.make_ready(postgres={"storage": {"storageClassName": "manual", "path": "/srv/data"}})
    spec = playground.api.get("persistentvolumes", playground.volume_name)["spec"]
    [term] = spec["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"][0]["values"] == ["worker-host"]
    assert spec["local"]["path"] == f"/srv/data/{playground.volume_name}"
    assert spec["persistentVolumeReclaimPolicy"] == "Retain"
    pod = playground.system.get("jobs", playground.volume_name)["spec"]["template"]["spec"]
    assert pod["nodeSelector"] == {"kubernetes.io/hostname": "worker-host"}
    assert pod["volumes"] == [{"name": "parent", "hostPath": {"path": "/srv/data", "type": "DirectoryOrCreate"}}]


def test_a_directory_that_can_not_be_made_is_told(playground: Playground) -> None:
    playground.create()
    job = playground.until("the Job", lambda: playground.system.find("jobs", playground.volume_name))
    playground.nodes.fail(job, "data belongs to user 0: choose another path")
    told = playground.until(
        "it is told",
        lambda: (
            (found := playground.condition()).get("reason") == "StoragePending"
            and "could not be made" in found["message"]
            and found["message"]
        ),
    )
    assert f"bitcoincache-system/{playground.volume_name}" in told
    assert playground.volume_name not in playground.api.names("persistentvolumes")
    playground.system.delete("jobs", playground.volume_name)
    playground.system.delete("pods", f"{playground.volume_name}-0")
    playground.until("ready", playground.is_ready, playground.play)


def test_a_volume_whose_claim_was_deleted_takes_the_next(playground: Playground) -> None:
    playground.make_ready()
    bind(playground)
    first = playground.api.get(*CLAIM)["metadata"]["uid"]
    playground.api.delete(*CLAIM)
    playground.controllers.release()
    playground.until(
        "another claim", lambda: (live := playground.api.find(*CLAIM)) and live["metadata"]["uid"] != first
    )
    playground.until("the volume is free for it", lambda: "uid" not in volume(playground)["spec"]["claimRef"])
    assert volume(playground)["spec"]["claimRef"]["name"] == "demo-postgres"


def test_a_volume_that_was_deleted_is_made_where_its_data_are(playground: Playground) -> None:
    playground.make_ready(postgres={"storage": {"path": "/srv/keep"}})
    playground.api.delete("persistentvolumes", playground.volume_name)
    playground.system.delete("jobs", playground.volume_name)
    uid = volume(playground)["metadata"]["uid"]
    playground.until("another volume", lambda: volume(playground)["metadata"]["uid"] not in ("", uid), playground.play)
    assert volume(playground)["spec"]["local"]["path"] == f"/srv/keep/{playground.volume_name}"


def test_a_volume_that_was_deleted_under_a_bound_claim_is_bound_to_it_again(playground: Playground) -> None:
    playground.make_ready()
    bind(playground)
    playground.api.patch(*CLAIM, {"metadata": {"annotations": {"pv.kubernetes.io/bind-completed": "yes"}}})
    first, claim = volume(playground)["metadata"]["uid"], playground.api.get(*CLAIM)["metadata"]["uid"]
    playground.api.delete("persistentvolumes", playground.volume_name)
    playground.until(
        "another volume", lambda: volume(playground)["metadata"]["uid"] not in ("", first), playground.play
    )
    playground.until("it is the claim's", lambda: volume(playground)["spec"]["claimRef"].get("uid") == claim)
    playground.change(replicas=3)
    playground.until("the visit after that", playground.is_ready, playground.play)
    assert volume(playground)["spec"]["claimRef"]["uid"] == claim


def test_a_bound_claim_that_lost_its_labels_keeps_its_volume(playground: Playground) -> None:
    playground.make_ready()
    bind(playground)
    since = volume(playground)["metadata"]["resourceVersion"]
    labels = playground.api.get(*CLAIM)["metadata"]["labels"]
    playground.api.patch(*CLAIM, {"metadata": {"labels": dict.fromkeys(labels)}})
    playground.until("labels", lambda: playground.api.get(*CLAIM)["metadata"].get("labels") == labels)
    playground.until("ready", playground.is_ready, playground.play)
    assert volume(playground)["metadata"]["resourceVersion"] == since


def test_a_claim_that_lost_the_volume_of_its_class_is_told_while_its_data_can_be_saved(
    playground: Playground, default_class: str
) -> None:
    playground.make_ready()
    playground.api.patch(*CLAIM, {"status": {"phase": "Lost"}}, "status")
    playground.until("it is told", lambda: playground.condition().get("reason") == "StorageLost")
    assert playground.condition("PostgresReady")["status"] == "True"


def test_retained_data_are_taken_up_by_the_next_resource(playground: Playground) -> None:
    playground.make_ready()
    password, claim = playground.api.get(*SECRET)["data"], playground.api.get(*CLAIM)["metadata"]["uid"]
    assert "finalizers" not in playground.resource["metadata"]
    playground.clear()
    for deployment in playground.api.names("deployments"):
        playground.api.delete("deployments", deployment)
    playground.make_ready()
    assert playground.api.get(*SECRET)["data"] == password
    assert playground.api.get(*CLAIM)["metadata"]["uid"] == claim


def test_without_a_password_for_a_volume_nothing_is_made_up(playground: Playground) -> None:
    playground.make_ready()
    password = playground.api.get(*SECRET)["data"]
    playground.change(paused=True)
    playground.until("paused", lambda: playground.condition("Paused").get("status") == "True")
    playground.api.delete(*SECRET)
    playground.api.delete("secrets", "demo-backend-secret")
    playground.change(paused=False)
    playground.until("it is told", lambda: playground.condition().get("reason") == "SecretMissing")
    told = playground.condition()["message"]
    assert "demo-postgres-secret" in told
    # Where they stay, the next volume would take up data whose password nobody knows.
    assert f"delete the directory /var/lib/bitcoincache/{playground.volume_name} on node worker-host, then" in told
    assert playground.api.names("secrets") == set()

    playground.api.create("secrets", {"metadata": {"name": "demo-postgres-secret"}, "data": password})
    playground.until("ready", playground.is_ready, playground.play)
    assert playground.api.get("secrets", "demo-backend-secret")["data"] == password


def test_a_secret_that_is_handed_over_as_the_message_asks_keeps_its_login(playground: Playground) -> None:
    login = {"POSTGRES_USER": "somebody", "POSTGRES_PASSWORD": "of their own"}
    playground.api.create("secrets", {"metadata": {"name": SECRET[1]}, "stringData": login})
    data = playground.api.get(*SECRET)["data"]
    playground.create()
    playground.until("it is told", lambda: playground.condition().get("reason") == "ReconcileFailed")
    label, value = playground.condition()["message"].split()[-1].split("=")
    playground.api.patch(*SECRET, {"metadata": {"labels": {label: value}}})
    playground.until("ready", playground.is_ready, playground.play)
    assert playground.api.get(*SECRET)["data"] == playground.api.get("secrets", "demo-backend-secret")["data"] == data


def test_a_resource_from_another_clusters_backup_gets_a_directory_of_this_one(playground: Playground) -> None:
    note = {"bitcoincache.dev/directory": f"old-node:/var/lib/bitcoincache/{playground.volume_name}"}
    metadata = {"name": "demo", "annotations": note, "finalizers": ["bitcoincache.dev/finalizer"]}
    body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": metadata}
    playground.api.create("bitcoincaches", {**body, "spec": {"deletionPolicy": "Delete"}})
    playground.until("ready", playground.is_ready, playground.play)
    here = f"worker-host:/var/lib/bitcoincache/{playground.volume_name}"
    assert playground.api.get(*CLAIM)["metadata"]["annotations"]["bitcoincache.dev/directory"] == here
    assert playground.resource["metadata"]["annotations"]["bitcoincache.dev/directory"] == here


def test_the_deletion_policy_is_followed_both_ways(playground: Playground) -> None:
    playground.make_ready()
    uid = playground.resource["metadata"]["uid"]
    playground.change(deletionPolicy="Delete")
    playground.until("a finalizer", lambda: playground.resource["metadata"].get("finalizers"))
    playground.until("owners", lambda: owners(playground, *SECRET) == owners(playground, *CLAIM) == [uid])
    playground.until("ready", playground.is_ready, playground.play)
    playground.change(deletionPolicy="Retain")
    playground.until("no finalizer", lambda: not playground.resource["metadata"].get("finalizers"))
    playground.until("no owners", lambda: owners(playground, *SECRET) == owners(playground, *CLAIM) == [])


def test_retain_that_a_pause_keeps_from_being_in_force_is_told(playground: Playground, default_class: str) -> None:
    playground.make_ready(deletionPolicy="Delete")
    playground.change(deletionPolicy="Retain", paused=True)
    told = playground.until("the pause is told", lambda: playground.condition("Paused").get("message"))
    assert "deletionPolicy Retain is not in force" in told
    assert playground.condition()["reason"] == "Paused"
    playground.change(paused=False)
    playground.until("no owners", lambda: owners(playground, *SECRET) == owners(playground, *CLAIM) == [])
    playground.until("ready", playground.is_ready, playground.play)


def test_delete_takes_the_data_along_step_by_step(playground: Playground) -> None:
    playground.make_ready(deletionPolicy="Delete")
    labels = playground.api.get("deployments", "demo-postgres")["spec"]["template"]["metadata"]["labels"]
    container = {"name": "postgres", "image": "example.com/postgres:15"}
    body = {"metadata": {"name": "demo-postgres-0", "labels": labels}, "spec": {"containers": [container]}}
    playground.api.create("pods", body)
    playground.api.delete("bitcoincaches", "demo")
    playground.until("no Deployments", lambda: not playground.api.names("deployments"))
    playground.until("it says what it waits for", lambda: playground.condition().get("reason") == "Deleting")
    assert "deletionTimestamp" not in playground.api.get(*CLAIM)["metadata"]

    playground.api.delete("pods", "demo-postgres-0")
    playground.until("the claim goes", lambda: "deletionTimestamp" in playground.api.get(*CLAIM)["metadata"])
    playground.controllers.release()
    job = playground.until("a Job to remove the directory", lambda: removal(playground))
    assert playground.api.find("persistentvolumes", playground.volume_name)

    playground.nodes.finish(job)
    playground.until(
        "resource and volume are gone",
        lambda: (
            not playground.api.find("bitcoincaches", "demo")
            and not playground.api.find("persistentvolumes", playground.volume_name)
        ),
        playground.controllers.release,
    )
    playground.until("the Job is gone", lambda: not playground.system.find("jobs", playground.volume_name))


def test_delete_works_halfway_through_creation(playground: Playground) -> None:
    playground.create(deletionPolicy="Delete")
    playground.until("the directory's Job", lambda: playground.system.find("jobs", playground.volume_name))
    playground.api.delete("bitcoincaches", "demo")
    job = playground.until("a Job to remove the directory", lambda: removal(playground), playground.controllers.play)
    playground.nodes.finish(job)
    playground.until("the resource is gone", lambda: not playground.api.find("bitcoincaches", "demo"))
    playground.until("the Job is gone", lambda: not playground.system.find("jobs", playground.volume_name))


def test_delete_is_not_held_up_by_a_directory_that_nobody_can_remove(playground: Playground) -> None:
    playground.make_ready(deletionPolicy="Delete")
    playground.api.delete("bitcoincaches", "demo")
    job = playground.until("a Job to remove the directory", lambda: removal(playground), playground.controllers.release)
    playground.nodes.fail(job, "read-only file system")
    playground.until(
        "the resource is gone", lambda: not playground.api.find("bitcoincaches", "demo"), playground.controllers.release
    )
    [told] = [event for event in playground.api.list("events") if event["reason"] == "DirectoryLeftBehind"]
    assert "remove it by hand" in told["message"]


def test_the_last_word_on_the_policy_counts_also_if_nobody_was_there_to_act_on_it(playground: Playground) -> None:
    playground.make_ready(deletionPolicy="Delete")
    playground.operator.stop()
    try:
        playground.change(deletionPolicy="Retain")
        playground.api.delete("bitcoincaches", "demo")
    finally:
        playground.operator.start()
    playground.until("the resource is gone", lambda: not playground.api.find("bitcoincaches", "demo"))
    assert owners(playground, *SECRET) == owners(playground, *CLAIM) == []
    assert not any("deletionTimestamp" in playground.api.get(*kept)["metadata"] for kept in (SECRET, CLAIM))
    assert volume(playground)["spec"]["local"]


def volume(playground: Playground) -> Object:
    return playground.api.find("persistentvolumes", playground.volume_name) or {"metadata": {"uid": ""}, "spec": {}}


def removal(playground: Playground) -> Object | None:
    job = playground.system.find("jobs", playground.volume_name)
    purpose = job["metadata"]["labels"]["bitcoincache.dev/purpose"] if job else ""
    return job if purpose == "remove-directory" else None


def owners(playground: Playground, plural: str, name: str) -> list[str]:
    return [owner["uid"] for owner in playground.api.get(plural, name)["metadata"].get("ownerReferences", ())]


def bind(playground: Playground) -> None:
    claim = playground.api.get(*CLAIM)["metadata"]
    reference = {"uid": claim["uid"], "resourceVersion": claim["resourceVersion"]}
    playground.api.patch("persistentvolumes", playground.volume_name, {"spec": {"claimRef": reference}})
