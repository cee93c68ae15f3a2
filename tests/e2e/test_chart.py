"""The chart's life: tested, upgraded, rolled back and uninstalled while a stack lives; each test goes on from the last.

There is one operator for the whole cluster: it is put back as it was when the module ends.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.conftest import OURS, Stack
from support.helm import CHART, Helm
from support.kubectl import Kubectl, eventually

CRD = "customresourcedefinition/bitcoincaches.bitcoincache.dev"
FINALIZER = "bitcoincache.dev/finalizer"


@pytest.fixture(scope="module")
def helm(cluster_kubectl: Kubectl) -> Iterator[Helm]:
    helm = Helm(cluster_kubectl.kubeconfig, Path(os.environ["BITCOINCACHE_CHART_VALUES"]))
    yield helm
    helm.upgrade()


@pytest.fixture(scope="module")
def running(stack: Stack, helm: Helm) -> Iterator[Stack]:
    """A stack whose resource holds the finalizer: it has a volume of the operator's, to be deleted with it."""
    stack.apply(
        replicas=1,
        deletionPolicy="Delete",
        frontend={"replicas": 1},
        postgres={"storage": {"storageClassName": "manual", "size": "1Gi"}},
        redisInsight={"enabled": False},
    )
    stack.wait_ready()
    assert stack.resource["metadata"]["finalizers"] == [FINALIZER]
    yield stack
    stack.kubectl.run(
        "delete",
        "persistentvolumes",
        "--wait=false",
        "--selector",
        f"bitcoincache.dev/namespace={stack.kubectl.namespace}",
    )


@pytest.fixture
def older_chart(tmp_path: Path) -> Path:
    """The chart as it was before the resource knew of warming."""
    folder = tmp_path / "chart"
    shutil.copytree(CHART, folder)
    metadata = yaml.safe_load((folder / "Chart.yaml").read_text("utf-8"))
    (folder / "Chart.yaml").write_text(yaml.safe_dump({**metadata, "version": "0.0.9"}), "utf-8")
    [file] = (folder / "files").iterdir()
    definition = yaml.safe_load(file.read_text("utf-8"))
    del _cache_fields(definition)["warming"]
    header = f"metadata:\n  name: {definition.pop('metadata')['name']}\n"
    file.write_text(header + yaml.safe_dump(definition, sort_keys=False), "utf-8")
    return folder


def _cache_fields(definition: dict[str, Any]) -> dict[str, Any]:
    schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    fields: dict[str, Any] = schema["properties"]["spec"]["properties"]["cache"]["properties"]
    return fields


def serves_warming(stack: Stack) -> bool:
    manifest = {**stack.manifest(cache={"warming": {"schedule": "@daily"}}), "metadata": {"name": "never-made"}}
    answer = stack.kubectl.run(
        *("create", "--dry-run=server", "--validate=false", "--output", "yaml", "--filename", "-"),
        stdin=yaml.safe_dump(manifest),
    )
    return "warming" in yaml.safe_load(answer)["spec"]["cache"]


def pods(stack: Stack) -> set[tuple[str, str, int]]:
    """What changes when anything restarts."""
    return {
        (pod["metadata"]["name"], pod["metadata"]["uid"], status["restartCount"])
        for pod in stack.kubectl.items("pods")
        for status in pod["status"]["containerStatuses"]
    }


def has_been_visited(stack: Stack) -> None:
    """The operator that runs now has brought this stack in line."""
    stack.kubectl.run("delete", "configmap", "demo-frontend-config")
    eventually("the ConfigMap is back", lambda: stack.kubectl.get("configmap/demo-frontend-config"))


def test_the_charts_own_test_passes_and_leaves_nothing(running: Stack, helm: Helm) -> None:
    assert "visits are counted" in helm.test()
    system = replace(running.kubectl, namespace=helm.namespace)
    left = system.run("get", "pods,roles,rolebindings,serviceaccounts,bitcoincaches", "--output", "name")
    assert "self-test" not in left


def test_an_upgrade_brings_new_fields_and_restarts_nothing(running: Stack, helm: Helm, older_chart: Path) -> None:
    helm.upgrade("--set", f"images.operator={os.environ['BITCOINCACHE_PREVIOUS_OPERATOR']}", chart=older_chart)
    eventually("the older definition", lambda: not serves_warming(running))
    has_been_visited(running)
    before = pods(running), running.resource["metadata"]["uid"]

    helm.upgrade()
    eventually("the newer definition", lambda: serves_warming(running))
    has_been_visited(running)
    assert (pods(running), running.resource["metadata"]["uid"]) == before
    running.kubectl.wait("bitcoincache/demo", "condition=Ready", 60)

    helm.rollback()
    eventually("the older definition again", lambda: not serves_warming(running))
    has_been_visited(running)
    assert (pods(running), running.resource["metadata"]["uid"]) == before


def test_an_uninstall_lets_resources_go_and_stacks_run_on(running: Stack, helm: Helm, namespace: Kubectl) -> None:
    before, volume = pods(running), volume_of(running)
    # Nobody is there to let anything go.
    running.kubectl.run("scale", "deployment", helm.release, "--namespace", helm.namespace, "--replicas=0")
    eventually("no operator", lambda: not operator_pods(helm, running.kubectl))
    held(namespace)
    namespace.run("delete", "namespace", namespace.namespace, "--wait=false")
    told = helm.uninstall()
    assert f"its data stay in volume {volume}" in told
    assert "finalizers" not in running.resource["metadata"]
    assert pods(running) == before
    assert not left_of(helm, running.kubectl)
    namespace.wait(f"namespace/{namespace.namespace}", "delete", 60)

    running.kubectl.run("delete", "bitcoincache/demo", "--timeout=30s")
    eventually("what it owned is collected", lambda: not running.kubectl.names("pods,deployments"))
    assert volume in running.kubectl.names("persistentvolumes")


def test_an_uninstall_with_the_definition_removes_it_and_every_resource(helm: Helm, stack: Stack) -> None:
    helm.upgrade("--set", "crds.keep=false")
    held(stack.kubectl)
    helm.uninstall()
    stack.kubectl.wait(CRD, "delete", 60)
    assert "bitcoincaches.bitcoincache.dev" not in stack.kubectl.names("customresourcedefinitions")


@pytest.fixture
def namespace(cluster_kubectl: Kubectl) -> Kubectl:
    kubectl = replace(cluster_kubectl, namespace=f"e2e-chart-{secrets.token_hex(2)}")
    metadata = {"name": kubectl.namespace, "labels": dict([OURS.split("=")])}
    kubectl.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    return kubectl


def held(kubectl: Kubectl) -> None:
    """A resource that the operator must let go, and of which it makes nothing."""
    metadata = {"name": "held", "finalizers": [FINALIZER]}
    body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": metadata}
    kubectl.apply({**body, "spec": {"paused": True}})


def volume_of(stack: Stack) -> str:
    name: str = stack.kubectl.get("persistentvolumeclaim/demo-postgres")["spec"]["volumeName"]
    return name


def operator_pods(helm: Helm, kubectl: Kubectl) -> set[str]:
    selector = f"app.kubernetes.io/instance={helm.release},app.kubernetes.io/name=bitcoincache-operator"
    return kubectl.names("pods", "--namespace", helm.namespace, "--selector", selector)


def left_of(helm: Helm, kubectl: Kubectl) -> set[str]:
    """What carries the release's name, cluster-wide rights included; Jobs that make directories end by themselves."""
    kinds = "deployments,services,serviceaccounts,roles,rolebindings,jobs,clusterroles,clusterrolebindings"
    selector = f"app.kubernetes.io/instance={helm.release}"
    return kubectl.names(kinds, "--namespace", helm.namespace, "--selector", selector)
