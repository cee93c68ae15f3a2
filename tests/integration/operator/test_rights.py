"""The operator has the rights that it needs, and none that it doesn't: all other tests run with the chart's as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from integration.operator.playground import Playground
from support.apiserver import AUDITED_NAMESPACE, ApiServer
from support.installed import Installed
from support.kubernetes import Kubernetes
from support.operator_process import OperatorProcess

Right = tuple[str, str, str]

FOR_ADMISSION: Right = ("bitcoincache.dev", "bitcoincaches/finalizers", "update")
"""Never asked of the API server itself: its admission wants it of those who write owner references that block."""

EVERYTHING: dict[str, Any] = {
    "deletionPolicy": "Delete",
    "cache": {"warming": {"schedule": "0 * * * *"}},
    "backend": {"autoscaling": {}},
    "postgres": {"storage": {"storageClassName": "manual"}},
}
LITTLE: dict[str, Any] = {
    "cache": {"warming": None},
    "backend": {"autoscaling": None, "logLevel": "DEBUG"},
    "frontend": {"replicas": 1},
    "redisInsight": {"enabled": False},
    "networkPolicy": {"enabled": False},
}


@pytest.fixture
def audited(cluster: ApiServer, operator: OperatorProcess) -> Iterator[Kubernetes]:
    """The namespace whose accounts are watched. The operator of all tests rests: two would do each other's work."""
    place = Kubernetes(cluster.kubeconfig, AUDITED_NAMESPACE)
    if place.find("namespaces", AUDITED_NAMESPACE) is None:
        place.create("namespaces", {"metadata": {"name": AUDITED_NAMESPACE}})
    operator.stop()
    yield place
    operator.start()


@contextmanager
def running(release: Installed, folder: Path) -> Iterator[OperatorProcess]:
    """The release's operator, with its rights."""
    namespaces = release.environment("NAMESPACES")
    process = OperatorProcess(release.kubeconfig, folder, operator_namespace=AUDITED_NAMESPACE, namespaces=namespaces)
    try:
        process.start()
        yield process
    finally:
        code = process.stop()
    assert code == 0


def test_every_right_is_used(cluster: ApiServer, audited: Kubernetes, api: Kubernetes, tmp_path: Path) -> None:
    release = Installed(cluster, AUDITED_NAMESPACE, "audited-bitcoincache-operator")
    with running(release, tmp_path) as process:
        playground = Playground(cluster, process, api, AUDITED_NAMESPACE)
        playground.make_ready(**EVERYTHING)
        leave_over(playground)
        playground.change(**LITTLE)
        playground.until("ready with little", playground.is_ready, playground.play)
        playground.until("nothing is left over", lambda: "left-over" not in playground.api.names("secrets"))
        playground.clear()
    requests = cluster.requests_of(release.release)
    assert [request for request in requests if request["responseStatus"]["code"] == 403] == []
    assert used(requests) == granted(release) - {FOR_ADMISSION}


def test_an_operator_of_some_namespaces_has_no_rights_in_others(
    cluster: ApiServer, audited: Kubernetes, api: Kubernetes, tmp_path: Path
) -> None:
    other = Kubernetes(cluster.kubeconfig, f"{api.namespace}-other")
    other.create("namespaces", {"metadata": {"name": other.namespace}})
    release = Installed(cluster, AUDITED_NAMESPACE, "limited-bitcoincache-operator", watchNamespaces=[api.namespace])
    with running(release, tmp_path) as process:
        foreign = Playground(cluster, process, other, AUDITED_NAMESPACE)
        foreign.create()
        playground = Playground(cluster, process, api, AUDITED_NAMESPACE)
        playground.make_ready(deletionPolicy="Delete", postgres={"storage": {"storageClassName": "manual"}})

        volume = playground.api.get("persistentvolumes", playground.volume_name)
        labels = {**volume["metadata"]["labels"], "bitcoincache.dev/namespace": other.namespace}
        spec = {**volume["spec"], "claimRef": None}
        other.create("persistentvolumes", {"metadata": {"name": "of-another", "labels": labels}, "spec": spec})

        playground.api.delete("persistentvolumes", playground.volume_name)
        playground.until("the volume is back", lambda: is_another(playground, volume), playground.play)
        playground.until("ready", playground.is_ready, playground.play)
        playground.clear()
        assert foreign.status == {"observedGeneration": -1}
        assert other.names("deployments") == set()
    for plural, name in (("persistentvolumes", "of-another"), ("bitcoincaches", "demo")):
        other.delete(plural, name)
    foreign.controllers.release()

    requests = cluster.requests_of(release.release)
    assert [request for request in requests if request["responseStatus"]["code"] == 403] == []
    assert {request["objectRef"].get("namespace") for request in requests if "objectRef" in request} <= {
        api.namespace,
        AUDITED_NAMESPACE,
        None,
    }


def leave_over(playground: Playground) -> None:
    """What the operator made once and has no use for any more."""
    owner = playground.api.get("secrets", "demo-backend-secret")["metadata"]
    metadata = {"name": "left-over", "labels": owner["labels"], "ownerReferences": owner["ownerReferences"]}
    for plural in ("configmaps", "secrets"):
        playground.api.create(plural, {"metadata": metadata})


def granted(release: Installed) -> set[Right]:
    return {right for rule in release.rules() for right in product(rule["apiGroups"], rule["resources"], rule["verbs"])}


def used(requests: list[dict[str, Any]]) -> set[Right]:
    """A patch that makes an object is allowed by the right to create it, too."""
    out = set()
    for request in requests:
        if "objectRef" in request:
            asked = request["objectRef"]
            resource = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
            verbs = {request["verb"]} | ({"create"} if request["responseStatus"]["code"] == 201 else set())
            out |= {(asked.get("apiGroup", ""), resource, verb) for verb in verbs}
    return out


def is_another(playground: Playground, volume: dict[str, Any]) -> bool:
    found = playground.api.find("persistentvolumes", playground.volume_name)
    return found is not None and found["metadata"]["uid"] != volume["metadata"]["uid"]
