"""The chart on a bare API server: its accounts and rights, without its pods."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from support.apiserver import ApiServer
from support.chart import Manifest, client_tools, one, rendered
from support.kubernetes import Kubernetes

RELEASE: Final = "bitcoincache-operator"
_ACCESS: Final = ("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")


class Installed:
    """A release in a namespace that there is. Its name must hold the chart's: the operator's account is called by it.

    ``kubeconfig`` lets in its operator, with its rights and no other.
    """

    def __init__(self, server: ApiServer, namespace: str, release: str = RELEASE, **values: Any) -> None:
        self.release = release
        self.manifests = rendered(client_tools() / "helm", values, release=release, namespace=namespace)
        for manifest in self.manifests:
            if manifest["kind"] in _ACCESS and "annotations" not in manifest["metadata"]:
                place = Kubernetes(server.kubeconfig, manifest["metadata"].get("namespace", ""))
                place.create(f"{manifest['kind'].lower()}s", manifest)
        self.kubeconfig: Path = server.kubeconfig_of(namespace, release)

    def environment(self, name: str) -> str:
        """What the operator is told by a variable of its own; empty where it is told nothing."""
        [container] = one(self.manifests, "Deployment")["spec"]["template"]["spec"]["containers"]
        return next((item["value"] for item in container["env"] if item["name"] == f"BITCOINCACHE_{name}"), "")

    def rules(self) -> list[Manifest]:
        """Of all the roles that the operator has. Those of hooks have annotations."""
        roles = [item for item in self.manifests if item["kind"] in ("Role", "ClusterRole")]
        return [rule for role in roles if "annotations" not in role["metadata"] for rule in role["rules"]]
