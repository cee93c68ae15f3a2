"""Each way that a stack needs is open, and each other one is closed: from every pod of it, and from strangers'."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import OURS, Stack
from support.kubectl import Kubectl, Manifest, eventually

PROBE = (Path(__file__).parent / "probe.py").read_text("utf-8")
UNTIL_TOLD_TO_END = "import signal; signal.sigwait({signal.SIGTERM})"

PORTS = {"postgres": 5432, "redis": 6379, "redisinsight": 5540, "backend": 3000, "frontend": 8080}
STRANGERS = ("stranger", "scraper")
"""Two namespaces that have nothing to do with the stack, but that it lets the second one have a look."""

DNS = {"dns-udp", "dns-tcp"}
OUTSIDE = {"stranger", "scraper", "kubernetes", *DNS}

REACHES: dict[str, set[str]] = {
    "postgres": set(),
    "redis": set(),
    "redisinsight": {"redis", *DNS},
    "prime": {"postgres", "redis", *DNS},
    "backend": {"postgres", "redis", *DNS},
    "frontend": {"backend", *DNS},
    "stranger": {"frontend", *OUTSIDE},
    # Its namespace is one of metricsFrom, and its address one of RedisInsight's source ranges.
    "scraper": {"frontend", "backend", "redisinsight", *OUTSIDE},
}
"""From whom to whom; what isn't told here must be refused."""


@dataclass(frozen=True)
class Place:
    """A pod to look from, and a container of it that has Python."""

    kubectl: Kubectl
    pod: Manifest
    container: str

    @property
    def address(self) -> str:
        return str(self.pod["status"]["podIP"])

    def reached(self, targets: dict[str, str]) -> set[str]:
        name = self.pod["metadata"]["name"]
        command = ("--", "python", "-c", PROBE, json.dumps(targets))
        return set(json.loads(self.kubectl.run("exec", name, "--container", self.container, *command)))


def own_pod(kubectl: Kubectl, name: str, labels: Manifest) -> Place:
    """A pod of the test's own, which listens on port 8000."""
    context = {"runAsUser": 10001, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    container = {
        "name": "probe",
        "image": os.environ["BITCOINCACHE_NEXT_BACKEND"],
        "command": ["python", "-m", "http.server", "8000"],
        "readinessProbe": {"tcpSocket": {"port": 8000}, "periodSeconds": 1},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    spec = {"terminationGracePeriodSeconds": 1, "securityContext": context, "containers": [container]}
    metadata = {"name": name, "labels": labels}
    kubectl.apply({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    kubectl.wait(f"pod/{name}", "condition=Ready", 60)
    return Place(kubectl, kubectl.get("pod", name), "probe")


def beside(stack: Stack, pod: Manifest) -> Place:
    """A container with Python in a pod that may have none, and so in its network."""
    name, image = pod["metadata"]["name"], os.environ["BITCOINCACHE_NEXT_BACKEND"]
    options = ("--image", image, "--container", "probe", "--profile", "restricted")
    stack.kubectl.run("debug", name, *options, "--", "python", "-c", UNTIL_TOLD_TO_END)

    def runs() -> Any:
        found = stack.kubectl.get("pod", name)["status"].get("ephemeralContainerStatuses", ())
        return any("running" in status["state"] for status in found)

    eventually(f"a look out of {name}", runs)
    return Place(stack.kubectl, pod, "probe")


@pytest.fixture(scope="module")
def strangers(stack: Stack) -> Iterator[dict[str, Place]]:
    places = {}
    for name in STRANGERS:
        namespace = f"{stack.kubectl.namespace}-{name}"
        labels = {"role": name, **dict([OURS.split("=")])}
        kubectl = replace(stack.kubectl, namespace=namespace)
        kubectl.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}})
        places[name] = own_pod(kubectl, name, {})
    yield places
    for place in places.values():
        place.kubectl.run("delete", "namespace", place.kubectl.namespace, "--wait=false")


@pytest.fixture(scope="module")
def pods(stack: Stack, strangers: dict[str, Place]) -> dict[str, list[Manifest]]:
    """The stack's pods, by component."""
    stack.apply(
        networkPolicy={"metricsFrom": {"role": "scraper"}},
        redisInsight={
            "service": {"type": "ClusterIP", "loadBalancerSourceRanges": [f"{strangers['scraper'].address}/32"]}
        },
    )
    stack.wait_ready()
    label = "app.kubernetes.io/component"
    return {part: [*stack.kubectl.items("pods", "--selector", f"{label}={part}")] for part in PORTS}


@pytest.fixture(scope="module")
def places(stack: Stack, strangers: dict[str, Place], pods: dict[str, list[Manifest]]) -> dict[str, Place]:
    """Where to look from: a pod of each component, and strangers. Priming's own has ended; this one has its labels."""
    name = "app.kubernetes.io"
    labels = {f"{name}/name": "bitcoincache", f"{name}/instance": "demo", f"{name}/component": "prime"}
    own = {part: beside(stack, found[0]) for part, found in pods.items()}
    return {**own, "prime": own_pod(stack.kubectl, "like-priming", labels), **strangers}


@pytest.fixture(scope="module")
def targets(strangers: dict[str, Place], pods: dict[str, list[Manifest]], stack: Stack) -> dict[str, str]:
    """Where to look for: the last pod of each component, so that it is another one where there are two."""
    services = {
        name: stack.kubectl.get("service", name, "--namespace", namespace)["spec"]["clusterIP"]
        for name, namespace in (("kubernetes", "default"), ("kube-dns", "kube-system"))
    }
    return {
        **{part: f"tcp://{pods[part][-1]['status']['podIP']}:{port}" for part, port in PORTS.items()},
        **{name: f"tcp://{place.address}:8000" for name, place in strangers.items()},
        "kubernetes": f"tcp://{services['kubernetes']}:443",
        "dns-tcp": f"tcp://{services['kube-dns']}:53",
        "dns-udp": f"dns://{services['kube-dns']}:53",
    }


def test_each_way_that_is_needed_is_open_and_each_other_is_closed(
    places: dict[str, Place], targets: dict[str, str]
) -> None:
    asked = {name: not_itself(place, targets) for name, place in places.items()}
    expected = {name: REACHES[name] & asked[name].keys() for name in places}
    assert any("kubernetes" in asked[name] for name in PORTS), "all pods are on the API server's node"

    def reached() -> dict[str, set[str]]:
        with ThreadPoolExecutor(len(places)) as pool:
            return dict(zip(places, pool.map(lambda name: places[name].reached(asked[name]), places), strict=True))

    seen = dict[str, set[str]]()

    def as_expected() -> bool:
        seen.update(reached())
        return seen == expected

    # It takes the network a moment to learn of new pods: whom they may reach, and whom they may not.
    with suppress(AssertionError):
        eventually("each way is open or closed", as_expected, 60)
    assert seen == expected


def not_itself(place: Place, targets: dict[str, str]) -> dict[str, str]:
    """Without the pod itself and the node that it runs on, which it always reaches: no policy is asked."""
    [node] = place.kubectl.get("endpoints", "kubernetes", "--namespace", "default")["subsets"][0]["addresses"]
    on_its_node = place.pod["status"]["hostIP"] == node["ip"]
    return {
        name: address
        for name, address in targets.items()
        if f"//{place.address}:" not in address and not (name == "kubernetes" and on_its_node)
    }


def test_it_is_the_policies_that_close_the_ways(
    stack: Stack, strangers: dict[str, Place], targets: dict[str, str]
) -> None:
    stack.kubectl.patch("btcc/demo", {"spec": {"networkPolicy": {"enabled": False}}})
    eventually("all is open", lambda: strangers["stranger"].reached(targets) == targets.keys(), 60)
