"""What the operator needs of a bare API server."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import yaml

from support.apiserver import ApiServer
from support.kubernetes import ApiError, Kubernetes
from support.operator_process import NAMESPACE

_PATIENCE: Final = 30.0
_CRD: Final = Path(__file__).parents[2] / "crds/bitcoincaches.bitcoincache.dev.yaml"


def prepare(server: ApiServer) -> None:
    """The resource's definition, a namespace for the operator, a node for volumes and one that takes none."""
    kubernetes = Kubernetes(server.kubeconfig, NAMESPACE)
    kubernetes.create("customresourcedefinitions", yaml.safe_load(_CRD.read_text("utf-8")))
    kubernetes.create("namespaces", {"metadata": {"name": NAMESPACE}})
    for name, taints in (("worker", []), ("tainted", [{"key": "dedicated", "effect": "NoSchedule"}])):
        labels = {"kubernetes.io/hostname": f"{name}-host"}
        kubernetes.create("nodes", {"metadata": {"name": name, "labels": labels}})
        # A new node is tainted until its kubelet speaks up.
        kubernetes.patch("nodes", name, {"spec": {"taints": taints}})
        addresses = [{"type": "InternalIP", "address": "192.0.2.1"}]
        conditions = [{"type": "Ready", "status": "True"}]
        kubernetes.patch("nodes", name, {"status": {"addresses": addresses, "conditions": conditions}}, "status")
    _await_definition(kubernetes)


def _await_definition(kubernetes: Kubernetes) -> None:
    """A new definition takes the API server a moment. It knows no such page until then, or no such kind."""
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        with suppress(ApiError, ValueError):
            kubernetes.list("bitcoincaches")
            return
        time.sleep(0.05)
    raise AssertionError("the API server does not serve the definition")
