"""Black box: kubectl, HTTP and Chromium only, on the kind cluster that hack/e2e.sh has made and put the chart into."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pytest_kind.cluster import KindCluster

from support.http import Answer, Client
from support.kubectl import Kubectl, KubectlError, Manifest, eventually

ARTIFACTS = Path(os.environ.get("BITCOINCACHE_ARTIFACTS", "artifacts"))
NODE_PORTS = itertools.cycle(range(31000, 31016))
"""Those that hack/kind-e2e.yaml maps to this machine."""

OURS = "bitcoincache.dev/test=e2e"
"""The label of the tests' namespaces."""

IN_A_ROW = 20
"""So many connections all meet the same one of two pages in two cases of a million."""

SMALL: Manifest = {"requests": {"cpu": "10m", "memory": "64Mi"}}
"""Lets several stacks stand side by side on a small machine."""


@dataclass(frozen=True)
class Stack:
    """One resource named demo, in a namespace of its own, and the ways to it."""

    kubectl: Kubectl
    http: Client
    node_port: int

    def manifest(self, **spec: Any) -> Manifest:
        small: dict[str, Any] = {
            part: {"resources": SMALL} for part in ("backend", "postgres", "redis", "redisInsight")
        }
        service = {"type": "NodePort", "nodePort": self.node_port}
        small["frontend"] = {"resources": SMALL, "service": service}
        small["redisInsight"]["service"] = {"type": "ClusterIP"}
        for part, fields in spec.items():
            small[part] = {**small[part], **fields} if isinstance(fields, dict) and part in small else fields
        return {
            "apiVersion": "bitcoincache.dev/v1alpha1",
            "kind": "BitcoinCache",
            "metadata": {"name": "demo"},
            "spec": small,
        }

    def apply(self, **spec: Any) -> None:
        self.kubectl.apply(self.manifest(**spec))

    def wait_ready(self) -> None:
        """Ready, and reached through its Services: a node learns of new endpoints a moment after the pods are ready."""
        self.kubectl.wait("bitcoincache/demo", "condition=Ready")
        eventually("the page leads to the backend", self.answers)

    def answers(self) -> bool:
        """Time and again, each time on a new connection: pages on either node ask backends on either."""
        return all(self.http.get("/api/v1/cache").status == 200 for _ in range(IN_A_ROW))

    @property
    def resource(self) -> dict[str, Any]:
        return self.kubectl.get("bitcoincache/demo")

    @property
    def ready_backends(self) -> int:
        return sum(
            any(
                status["type"] == "Ready" and status["status"] == "True"
                for status in pod["status"].get("conditions", ())
            )
            for pod in self.kubectl.items("pods", "--selector", "app.kubernetes.io/component=backend")
            if "deletionTimestamp" not in pod["metadata"]
        )

    def through_cache(self, symbol: str) -> Answer:
        """The answer once Redis was asked: a backend goes past one that keeps it waiting, as on a slow machine."""

        def answered() -> Answer | None:
            answer = self.http.coin(symbol)
            return None if "fwd=bypass" in answer.cache else answer

        found: Answer = eventually(f"{symbol} is looked for in Redis", answered)
        return found

    def redis(self, *command: str) -> str:
        return self.kubectl.run("exec", "deployment/demo-redis", "--", "redis-cli", *command).strip()

    def sql(self, script: str) -> str:
        """What PostgreSQL answers to the script's statements, each in a transaction of its own."""
        psql = ("psql", "--username=bitcoin", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")
        return self.kubectl.run("exec", "--stdin", "deployment/demo-postgres", "--", *psql, stdin=script).strip()

    def readyz(self) -> str:
        """What a backend says of itself; asked from within, for its NetworkPolicy lets only the page in."""
        ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:3000/readyz').read().decode())"
        return self.kubectl.run("exec", "deployment/demo-backend", "--", "python", "-c", ask)


Standing = Callable[[str], AbstractContextManager[Stack]]


@pytest.fixture(scope="session")
def cluster_kubectl(kind_cluster: KindCluster) -> Kubectl:
    """kubectl for the cluster, without what an earlier run that was cut short left in it."""
    kubectl = Kubectl(Path(kind_cluster.kubectl_path), Path(kind_cluster.kubeconfig_path), "default")
    kubectl.run("uncordon", *kubectl.names("nodes"))
    kubectl.run("delete", "namespaces", "--selector", OURS, "--timeout=300s")
    kubectl.run("delete", "persistentvolumes", "--selector", "app.kubernetes.io/managed-by=bitcoincache-operator")
    return kubectl


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest, standing: Standing) -> Iterator[Stack]:
    """A namespace for one module's tests; nothing is in it yet."""
    with standing(request.module.__name__.rsplit(".", 1)[-1].removeprefix("test_")) as made:
        yield made


@pytest.fixture(scope="session")
def standing(request: pytest.FixtureRequest, cluster_kubectl: Kubectl) -> Standing:
    """Gives stacks by name; a namespace goes in the end, and leaves in artifacts what explains a failure meanwhile."""

    @contextmanager
    def stand(name: str) -> Iterator[Stack]:
        made = new_stack(cluster_kubectl, name)
        failed_before = request.session.testsfailed
        yield made
        if request.session.testsfailed > failed_before:
            dump(made.kubectl, ARTIFACTS / name)
        made.kubectl.run("delete", "namespace", made.kubectl.namespace, "--timeout=300s")

    return stand


def new_stack(kubectl: Kubectl, name: str) -> Stack:
    """In a namespace of its own that enforces the restricted standard.

    Its name is never used again: what a deleted namespace left on a node can't meet a later one.
    """
    namespace = f"e2e-{name.replace('_', '-')}-{secrets.token_hex(2)}"
    labels = {"pod-security.kubernetes.io/enforce": "restricted", **dict([OURS.split("=")])}
    inside = replace(kubectl, namespace=namespace)
    inside.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}})
    node_port = next(NODE_PORTS)
    return Stack(inside, Client(f"http://127.0.0.1:{node_port}"), node_port)


def dump(kubectl: Kubectl, folder: Path) -> None:
    """Leaves what explains a failure: the resource, events and logs."""
    folder.mkdir(parents=True, exist_ok=True)
    operator = ("--namespace", "bitcoincache-system")
    for name, arguments in {
        "resource": ("get", "bitcoincaches,all,pvc,configmaps", "--output", "yaml"),
        "events": ("get", "events", "--sort-by", ".lastTimestamp"),
        "pods": ("describe", "pods"),
        "logs": ("logs", "--selector", "app.kubernetes.io/name=bitcoincache", "--prefix", "--tail", "200"),
        "operator": ("logs", "deployment/bitcoincache-operator", "--tail", "2000", *operator),
    }.items():
        try:
            text = kubectl.run(*arguments)
        except KubectlError as error:
            text = str(error)
        (folder / f"{name}.txt").write_text(text)
