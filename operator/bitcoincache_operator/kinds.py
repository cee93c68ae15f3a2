"""The kinds of objects that the operator reads or writes. Fixed, so nothing needs to be discovered at run time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bitcoincache_api import names

Manifest = dict[str, Any]
"""A Kubernetes object as JSON has it."""


@dataclass(frozen=True)
class Kind:
    """A kind and where the API server serves it. ``group`` is empty for the core group."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str = "", name: str = "") -> str:
        """Where the API server serves it: all of a kind, those of a namespace, or one."""
        prefix = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        scope = f"/namespaces/{namespace}" if namespace else ""
        return f"{prefix}{scope}/{self.plural}" + (f"/{name}" if name else "")

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class ObjectKey:
    """Which object. ``namespace`` is empty for what is cluster-scoped."""

    kind: Kind
    namespace: str
    name: str

    @property
    def path(self) -> str:
        return self.kind.path(self.namespace, self.name)

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


BITCOINCACHE: Final = Kind(names.GROUP, names.VERSION, names.KIND, names.PLURAL)
DEPLOYMENT: Final = Kind("apps", "v1", "Deployment", "deployments")
SERVICE: Final = Kind("", "v1", "Service", "services")
CONFIG_MAP: Final = Kind("", "v1", "ConfigMap", "configmaps")
SECRET: Final = Kind("", "v1", "Secret", "secrets")
SERVICE_ACCOUNT: Final = Kind("", "v1", "ServiceAccount", "serviceaccounts")
JOB: Final = Kind("batch", "v1", "Job", "jobs")
CRON_JOB: Final = Kind("batch", "v1", "CronJob", "cronjobs")
POD_DISRUPTION_BUDGET: Final = Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets")
HORIZONTAL_POD_AUTOSCALER: Final = Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
ENDPOINT_SLICE: Final = Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")
NETWORK_POLICY: Final = Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies")
PERSISTENT_VOLUME: Final = Kind("", "v1", "PersistentVolume", "persistentvolumes", namespaced=False)
PERSISTENT_VOLUME_CLAIM: Final = Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims")
POD: Final = Kind("", "v1", "Pod", "pods")
NODE: Final = Kind("", "v1", "Node", "nodes", namespaced=False)
STORAGE_CLASS: Final = Kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", namespaced=False)
EVENT: Final = Kind("", "v1", "Event", "events")

OWNED: Final = (
    DEPLOYMENT,
    SERVICE,
    CONFIG_MAP,
    SECRET,
    SERVICE_ACCOUNT,
    JOB,
    CRON_JOB,
    POD_DISRUPTION_BUDGET,
    HORIZONTAL_POD_AUTOSCALER,
    NETWORK_POLICY,
    PERSISTENT_VOLUME_CLAIM,
    PERSISTENT_VOLUME,
)
"""What the operator makes."""

WATCHED: Final = (*OWNED, POD, ENDPOINT_SLICE)
"""What wakes the resource that it is about when it changes: what the operator makes, and what comes of that."""

IN_NAMESPACE: Final = tuple(kind for kind in WATCHED if kind.namespaced)
"""What of it lives in the resource's own namespace."""

_BY_NAME: Final = {(kind.api_version, kind.kind): kind for kind in (*WATCHED, BITCOINCACHE, EVENT)}


def key_of(manifest: Mapping[str, Any]) -> ObjectKey:
    """Which object a manifest describes."""
    metadata = manifest["metadata"]
    kind = _BY_NAME[manifest["apiVersion"], manifest["kind"]]
    return ObjectKey(kind, metadata.get("namespace", ""), metadata["name"])
