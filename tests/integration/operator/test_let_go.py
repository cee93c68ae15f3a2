"""After an uninstall: resources that hold the operator's finalizer can go again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from integration.operator.playground import Playground
from support.apiserver import ApiServer
from support.kubernetes import Kubernetes, Object

GUIDE = Path(__file__).parents[3] / "docs/operating.md"
FINALIZER = "bitcoincache.dev/finalizer"
FOREIGN = "example.com/keep"


def let_go(kubeconfig: Path, *namespaces: str) -> list[Object]:
    """What it logs, line by line."""
    done = subprocess.run(
        [sys.executable, "-m", "bitcoincache_operator.let_go", *namespaces],
        env={**os.environ, "KUBECONFIG": str(kubeconfig)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def held(api: Kubernetes, *finalizers: str) -> None:
    """A resource that no operator touches."""
    metadata = {"name": "demo", "finalizers": list(finalizers)}
    body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": metadata}
    api.create("bitcoincaches", {**body, "spec": {"paused": True}})


def another(cluster: ApiServer, api: Kubernetes) -> Kubernetes:
    other = Kubernetes(cluster.kubeconfig, f"{api.namespace}-other")
    other.create("namespaces", {"metadata": {"name": other.namespace}})
    return other


def finalizers(api: Kubernetes) -> list[str]:
    found: list[str] = api.get("bitcoincaches", "demo")["metadata"].get("finalizers", [])
    return found


def test_every_resource_is_let_go_and_other_finalizers_stay(cluster: ApiServer, api: Kubernetes) -> None:
    other = another(cluster, api)
    held(api, FINALIZER, FOREIGN)
    held(other, FINALIZER)
    told = let_go(cluster.kubeconfig)
    assert {(line["namespace"], line["name"]) for line in told} == {(api.namespace, "demo"), (other.namespace, "demo")}
    assert finalizers(api) == [FOREIGN]
    other.delete("bitcoincaches", "demo")
    assert other.find("bitcoincaches", "demo") is None
    assert let_go(cluster.kubeconfig) == []
    api.patch("bitcoincaches", "demo", {"metadata": {"finalizers": None}})
    api.delete("bitcoincaches", "demo")


def test_resources_of_other_namespaces_are_left_alone(cluster: ApiServer, api: Kubernetes) -> None:
    other = another(cluster, api)
    held(api, FINALIZER)
    held(other, FINALIZER)
    let_go(cluster.kubeconfig, api.namespace)
    assert (finalizers(api), finalizers(other)) == ([], [FINALIZER])
    let_go(cluster.kubeconfig, other.namespace)
    for namespace in (api, other):
        namespace.delete("bitcoincaches", "demo")


def test_where_the_data_stay_is_told(cluster: ApiServer, playground: Playground) -> None:
    playground.make_ready(deletionPolicy="Delete", postgres={"storage": {"storageClassName": "manual"}})
    assert finalizers(playground.api) == [FINALIZER]
    playground.change(paused=True)
    playground.until("paused", lambda: playground.condition("Paused").get("status") == "True")
    [line] = let_go(cluster.kubeconfig)
    assert playground.volume_name in line["message"]
    assert "node worker-host" in line["message"]
    playground.api.delete("bitcoincaches", "demo")
    assert playground.api.find("bitcoincaches", "demo") is None
    assert playground.api.find("persistentvolumes", playground.volume_name) is not None


def test_what_the_guide_says_to_do_by_hand_does_it(cluster: ApiServer, api: Kubernetes) -> None:
    other = another(cluster, api)
    held(api, FINALIZER)
    held(other, FINALIZER)
    by_hand = re.search(
        r"^\$ (kubectl get bitcoincaches --all.*?^  done)$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert by_hand is not None
    environment = {"PATH": f"{cluster.kubectl.parent}:{os.environ['PATH']}", "KUBECONFIG": str(cluster.kubeconfig)}
    subprocess.run(["bash", "-euo", "pipefail", "-c", by_hand[1]], env=environment, check=True, timeout=60)
    assert (finalizers(api), finalizers(other)) == ([], [])
    for namespace in (api, other):
        namespace.delete("bitcoincaches", "demo")
