"""PostgreSQL's volume: the claim, and where no storage class serves, the volume and the directory behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Self

from bitcoincache_api.crd.postgres import MANUAL_STORAGE_CLASS
from bitcoincache_api.names import Component, Names
from bitcoincache_operator.builders import postgres
from bitcoincache_operator.builders.pod import HOSTNAME_LABEL, RESTRICTED_CONTAINER
from bitcoincache_operator.builders.quantity import canonical
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import JOB, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, Manifest

PURPOSE_LABEL: Final = "bitcoincache.dev/purpose"
MAKE: Final = "make-directory"
REMOVE: Final = "remove-directory"

DIRECTORY_ANNOTATION: Final = "bitcoincache.dev/directory"
"""``HOSTNAME:PATH`` of the volume's directory. On the claim, so that a volume that was deleted is made again where its
data are; on a resource that takes its data along when it goes, so that they are found whatever else is gone by then."""

_PARENT: Final = "/host"
_ACCESS_MODES: Final = ["ReadWriteOnce"]


@dataclass(frozen=True)
class Directory:
    """A directory of one node: where a volume that the operator makes has its data."""

    hostname: str
    path: str

    def __str__(self) -> str:
        return f"{self.hostname}:{self.path}"

    @classmethod
    def noted(cls, annotations: Mapping[str, str] | None) -> Self | None:
        """The directory that an annotation speaks of."""
        note = (annotations or {}).get(DIRECTORY_ANNOTATION)
        return cls(*note.split(":", 1)) if note and ":" in note else None


@dataclass(frozen=True)
class Helper:
    """How the operator does what only root can: a short Job in its own namespace, from its own image."""

    namespace: str
    image: str
    pull_secrets: tuple[str, ...] = ()


def claim(stack: Stack, size: str, storage_class: str | None) -> Manifest:
    """The claim on a volume that a class provides."""
    out = postgres.with_volumes_fate(stack, PERSISTENT_VOLUME_CLAIM, stack.names.postgres)
    out["spec"] = {
        "accessModes": _ACCESS_MODES,
        "resources": {"requests": {"storage": canonical(size)}},
    }
    if storage_class is not None:
        out["spec"]["storageClassName"] = storage_class
    return out


def manual_claim(stack: Stack, size: str, directory: Directory) -> Manifest:
    """The claim on the operator's own volume, and on no other."""
    out = claim(stack, size, MANUAL_STORAGE_CLASS)
    out["metadata"]["annotations"] = {DIRECTORY_ANNOTATION: str(directory)}
    out["spec"]["volumeName"] = stack.names.persistent_volume
    return out


def volume(names: Names, size: str, directory: Directory) -> Manifest:
    """The operator's own volume. It belongs to nobody, for a cluster-scoped object can't belong to a namespaced one."""
    return {
        "apiVersion": PERSISTENT_VOLUME.api_version,
        "kind": PERSISTENT_VOLUME.kind,
        "metadata": {"name": names.persistent_volume, "labels": names.labels(Component.STORAGE)},
        "spec": {
            "capacity": {"storage": canonical(size)},
            "accessModes": _ACCESS_MODES,
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": MANUAL_STORAGE_CLASS,
            "volumeMode": "Filesystem",
            "local": {"path": directory.path},
            "nodeAffinity": {
                "required": {
                    "nodeSelectorTerms": [
                        {
                            "matchExpressions": [
                                {"key": HOSTNAME_LABEL, "operator": "In", "values": [directory.hostname]}
                            ]
                        }
                    ]
                }
            },
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": names.namespace,
                "name": names.postgres,
            },
        },
    }


def make_directory_job(names: Names, helper: Helper, directory: Directory) -> Manifest:
    """The Job that makes the directory for Postgres's user."""
    user = postgres.USER
    command = ["make_directory", _inside(directory), str(user.uid), str(user.gid)]
    return _directory_job(names, helper, directory, MAKE, command)


def remove_directory_job(names: Names, helper: Helper, directory: Directory) -> Manifest:
    """The Job that removes the directory with all that is in it."""
    command = ["remove_directory", _inside(directory), str(postgres.USER.uid)]
    return _directory_job(names, helper, directory, REMOVE, command)


def _inside(directory: Directory) -> str:
    """The directory as the Job's container sees it, which is given the parent alone."""
    return f"{_PARENT}/{PurePosixPath(directory.path).name}"


def _directory_job(names: Names, helper: Helper, directory: Directory, purpose: str, command: list[str]) -> Manifest:
    labels = {**names.labels(Component.STORAGE), PURPOSE_LABEL: purpose}
    module, *arguments = command
    container: Manifest = {
        "name": "directory",
        "image": helper.image,
        "command": ["python", "-m", f"bitcoincache_operator.{module}", *arguments],
        "resources": {
            "requests": {"cpu": "10m", "memory": "32Mi"},
            "limits": {"cpu": "500m", "memory": "128Mi"},
        },
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [{"name": "parent", "mountPath": _PARENT}],
        # Root, for a directory of the node is given to another user; and nothing else that root could do.
        "securityContext": {
            **RESTRICTED_CONTAINER,
            "runAsNonRoot": False,
            "runAsUser": 0,
            "runAsGroup": 0,
            "capabilities": {"drop": ["ALL"], "add": ["CHOWN", "DAC_OVERRIDE", "FOWNER"]},
        },
    }
    parent = str(PurePosixPath(directory.path).parent)
    return {
        "apiVersion": JOB.api_version,
        "kind": JOB.kind,
        "metadata": {"name": names.storage_job, "namespace": helper.namespace, "labels": labels},
        "spec": {
            "backoffLimit": 3,
            "activeDeadlineSeconds": 600,
            "ttlSecondsAfterFinished": 3600,
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "restartPolicy": "Never",
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "imagePullSecrets": [{"name": name} for name in helper.pull_secrets],
                    "nodeSelector": {HOSTNAME_LABEL: directory.hostname},
                    "containers": [container],
                    "volumes": [{"name": "parent", "hostPath": {"path": parent, "type": "DirectoryOrCreate"}}],
                },
            },
        },
    }
