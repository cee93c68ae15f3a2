"""What all pods of the stack have in common: the "restricted" pod security standard, mounts, resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bitcoincache_api.crd.resources import Resources
from bitcoincache_api.names import CHECKSUM_ANNOTATION, GROUP, Component
from bitcoincache_operator.builders.quantity import canonical
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import DEPLOYMENT, SERVICE_ACCOUNT, Manifest
from bitcoincache_operator.sync import digest

HOSTNAME_LABEL: Final = "kubernetes.io/hostname"
"""On a node."""

TEMPLATE_ANNOTATION: Final = f"{GROUP}/template"
"""On a Deployment: the hash of the pod template that it was given, by which a new one is told from an edited one."""

RESTRICTED_CONTAINER: Final[Manifest] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}

DRAIN: Final[Manifest] = {"preStop": {"sleep": {"seconds": 5}}}
"""Endpoints forget a pod while it sleeps; only then is it told to stop."""


@dataclass(frozen=True)
class User:
    """Whom a pod runs as, in numbers: a name isn't enough to prove that it isn't root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Pod:
    """What is particular to a component's pods.

    ``reads`` is all configuration and secrets that they read: a change of it rolls them.
    """

    user: User
    container: Manifest
    volumes: Sequence[Manifest] = ()
    reads: object = field(default=None, repr=False)
    grace_seconds: int = 30


def template(stack: Stack, component: Component, pod: Pod) -> Manifest:
    """A pod template."""
    spec: Manifest = {
        "serviceAccountName": stack.names.service_account(component),
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "imagePullSecrets": [{"name": name} for name in stack.spec.image_pull_secrets],
        "terminationGracePeriodSeconds": pod.grace_seconds,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": pod.user.uid,
            "runAsGroup": pod.user.gid,
            "fsGroup": pod.user.gid,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        # Written out where they are empty: what isn't written is anybody's to add to.
        "initContainers": [],
        "containers": [{"env": [], "envFrom": [], **pod.container, "securityContext": RESTRICTED_CONTAINER}],
        "volumes": list(pod.volumes),
    }
    return {
        "metadata": {
            "labels": stack.names.labels(component),
            "annotations": {CHECKSUM_ANNOTATION: digest(pod.reads)},
        },
        "spec": spec,
    }


def rolling(stack: Stack, component: Component, name: str, replicas: int, pod_template: Manifest) -> Manifest:
    """A Deployment of pods that serve, spread over the nodes: a new one is ready before an old one goes."""
    spread = {
        "maxSkew": 1,
        "topologyKey": HOSTNAME_LABEL,
        # Where there is but one node, all of them run there.
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": stack.names.selector(component)},
        # Pods of another version are about to go, and count for nothing.
        "matchLabelKeys": ["pod-template-hash"],
    }
    return _deployment(
        stack,
        component,
        name,
        {
            "replicas": replicas,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {**pod_template, "spec": {**pod_template["spec"], "topologySpreadConstraints": [spread]}},
        },
    )


def single(stack: Stack, component: Component, name: str, pod_template: Manifest) -> Manifest:
    """A Deployment of one pod that owns data: never two of them, not even for a moment."""
    return _deployment(
        stack, component, name, {"replicas": 1, "strategy": {"type": "Recreate"}, "template": pod_template}
    )


def _deployment(stack: Stack, component: Component, name: str, spec: Manifest) -> Manifest:
    out = stack.manifest(DEPLOYMENT, name, component)
    out["metadata"]["annotations"] = {TEMPLATE_ANNOTATION: digest(spec["template"])}
    out["spec"] = {
        **spec,
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": stack.names.selector(component)},
    }
    return out


def service_account(stack: Stack, component: Component) -> Manifest:
    """An account of its own for each component, without a token and without rights."""
    out = stack.manifest(SERVICE_ACCOUNT, stack.names.service_account(component), component)
    out["automountServiceAccountToken"] = False
    return out


def resources(wanted: Resources) -> Manifest:
    """A container's resources."""
    return {
        "requests": {"cpu": canonical(wanted.requests.cpu), "memory": canonical(wanted.requests.memory)},
        "limits": {"cpu": canonical(wanted.limits.cpu), "memory": canonical(wanted.limits.memory)},
    }


def environment(variables: Mapping[str, str]) -> list[Manifest]:
    """A container's environment, in a fixed order."""
    return [{"name": name, "value": value} for name, value in sorted(variables.items())]


def empty_dir(name: str, size_limit: str) -> Manifest:
    """A volume that lives as long as its pod, of at most ``size_limit``."""
    return {"name": name, "emptyDir": {"sizeLimit": canonical(size_limit)}}


def config_volume(name: str, config_map: str) -> Manifest:
    """A ConfigMap's keys as files."""
    return {"name": name, "configMap": {"name": config_map}}


def mount(name: str, path: str) -> Manifest:
    """Where a writable volume is seen."""
    return {"name": name, "mountPath": path}


def read_only_mount(name: str, path: str) -> Manifest:
    """Where a volume is seen, and not written."""
    return {"name": name, "mountPath": path, "readOnly": True}
