"""What the cluster holds of one resource, as it was read for one reconcile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bitcoincache_api.crd.spec import DeletionPolicy
from bitcoincache_api.names import FIELD_MANAGER, Component, Label
from bitcoincache_operator.builders import redis
from bitcoincache_operator.builders.postgres import PASSWORD_KEY, USER_KEY
from bitcoincache_operator.builders.stack import DatabaseLogin
from bitcoincache_operator.kinds import (
    BITCOINCACHE,
    DEPLOYMENT,
    ENDPOINT_SLICE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    SECRET,
    SERVICE,
    Kind,
    Manifest,
    ObjectKey,
    key_of,
)
from bitcoincache_operator.resource import Resource
from bitcoincache_operator.sync import APPLIED_ANNOTATION

_SERVICE_NAME: Final = "kubernetes.io/service-name"


@dataclass(frozen=True)
class World:
    """The objects that carry the resource's labels. ``nodes`` and ``storage_classes`` are empty where nobody asked."""

    resource: Resource
    objects: Mapping[ObjectKey, Manifest] = field(repr=False)
    nodes: tuple[Manifest, ...] = field(default=(), repr=False)
    storage_classes: tuple[Manifest, ...] = field(default=(), repr=False)

    def having(self, changed: Iterable[Manifest]) -> World:
        """The world after some writes."""
        return replace(self, objects={**self.objects, **{key_of(item): item for item in changed}})

    def child(self, kind: Kind, name: str) -> Manifest | None:
        """The child of that name in the resource's namespace."""
        return self.objects.get(ObjectKey(kind, self.resource.key.namespace, name))

    def of_kind(self, kind: Kind) -> list[Manifest]:
        """All objects of a kind, wherever they live, by name."""
        found = [(key, item) for key, item in self.objects.items() if key.kind is kind]
        return [item for _, item in sorted(found, key=_by_name)]

    def pods(self, component: Component) -> list[Manifest]:
        """A component's pods that aren't on their way out."""
        return [pod for pod in self.of_kind(POD) if label(pod, Label.COMPONENT) == component and not is_deleting(pod)]

    @property
    def claim(self) -> Manifest | None:
        return self.child(PERSISTENT_VOLUME_CLAIM, self.resource.names.postgres)

    @property
    def volume(self) -> Manifest | None:
        """The volume that the operator made."""
        return self.objects.get(ObjectKey(PERSISTENT_VOLUME, "", self.resource.names.persistent_volume))

    @property
    def loses_data(self) -> bool:
        """Whether the data would go with the resource though it says Retain: nobody has acted on that yet."""
        kept = (self.claim, self.child(SECRET, self.resource.names.postgres_secret))
        owned = any(live is not None and controller_uid(live) == self.resource.uid for live in kept)
        # One that holds the finalizer is let go by its last word.
        return owned and self.resource.deletion_policy is DeletionPolicy.RETAIN and not self.resource.holds_finalizer

    @property
    def redis_container(self) -> str | None:
        """The container whose memory is the cache, where exactly one runs: its pod's UID and its own ID.

        Not how often it was restarted: that count may be set back (ContainerStatus in k8s.io/api/core/v1).
        """
        found = [
            f"{pod['metadata']['uid']}/{container['containerID']}"
            for pod in self.pods(Component.REDIS)
            # While a container waits to be started again its ID is that of the one before.
            if has_started(pod)
            for container in pod["status"].get("containerStatuses") or ()
            if container["name"] == redis.CONTAINER and container.get("containerID")
        ]
        return found[0] if len(found) == 1 else None

    @property
    def backend_address(self) -> str:
        service = self.child(SERVICE, self.resource.names.backend)
        return str(service["spec"].get("clusterIP", "")) if service else ""

    @property
    def backend_is_open(self) -> bool:
        """Whether the backend's Service lets traffic in."""
        service = self.child(SERVICE, self.resource.names.backend)
        return bool(service and service["spec"].get("selector"))

    def is_reached(self, service: str) -> bool:
        """Whether traffic to a Service finds a ready pod. Slices have the labels of their Service."""
        slices = (item for item in self.of_kind(ENDPOINT_SLICE) if label(item, _SERVICE_NAME) == service)
        found = [endpoint for item in slices for endpoint in item.get("endpoints") or ()]
        # What isn't said is to be taken for ready (EndpointConditions in k8s.io/api/discovery/v1).
        return any((endpoint.get("conditions") or {}).get("ready") is not False for endpoint in found)

    def deployment(self, name: str) -> Manifest | None:
        return self.child(DEPLOYMENT, name)

    def login(self) -> DatabaseLogin | None:
        """The database's login: from its own secret, or else from the backend's copy."""
        names = self.resource.names
        for name in (names.postgres_secret, names.backend_secret):
            secret = self.child(SECRET, name)
            login = login_of(secret) if secret else None
            if login is not None:
                return login
        return None


def label(live: Mapping[str, Any], key: str) -> str | None:
    """The value of a label."""
    return (live["metadata"].get("labels") or {}).get(key)


def annotations_of(live: Mapping[str, Any]) -> Mapping[str, str]:
    """The annotations; empty where there are none."""
    return live["metadata"].get("annotations") or {}


def is_deleting(live: Mapping[str, Any]) -> bool:
    """Whether the object is on its way out."""
    return "deletionTimestamp" in live["metadata"]


def controller_uid(live: Mapping[str, Any]) -> str | None:
    """The UID of the one that the object belongs to."""
    owner = _controller(live)
    return owner["uid"] if owner else None


def belongs_to(resource: Resource, live: Mapping[str, Any]) -> bool:
    """Whether the operator may change the object on behalf of the resource.

    It may where the object is the resource's, by UID or by name, and where the operator made it, by its label or its
    annotation, and it has no other owner: a resource of the same name takes up what its predecessor left.
    """
    owner = _controller(live)
    if owner is None:
        return label(live, Label.MANAGED_BY) == FIELD_MANAGER or APPLIED_ANNOTATION in annotations_of(live)
    named = (owner["apiVersion"], owner["kind"], owner["name"])
    return owner["uid"] == resource.uid or named == (BITCOINCACHE.api_version, BITCOINCACHE.kind, resource.key.name)


def login_of(secret: Mapping[str, Any]) -> DatabaseLogin | None:
    """User and password in a secret; None where either is missing."""
    user, password = text_of(secret, USER_KEY), text_of(secret, PASSWORD_KEY)
    return DatabaseLogin(user, password) if user and password else None


def has_started(pod: Mapping[str, Any]) -> bool:
    """Whether all containers of a pod run, ready or not."""
    status = pod.get("status", {})
    containers = status.get("containerStatuses") or ()
    return bool(status.get("phase") == "Running") and all("running" in item.get("state", {}) for item in containers)


def has_run(pod: Mapping[str, Any]) -> bool:
    """Whether any container of a pod was ever started, for which all its volumes had to be there."""
    containers = pod.get("status", {}).get("containerStatuses") or ()
    states = [item.get(when) or {} for item in containers for when in ("state", "lastState")]
    return any("running" in state or "terminated" in state for state in states)


def text_of(secret: Mapping[str, Any], key: str) -> str:
    """What a secret holds under a key; empty where that is nothing, or no text."""
    try:
        return base64.b64decode((secret.get("data") or {}).get(key, ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _controller(live: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for owner in live["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            return dict(owner)
    return None


def _by_name(item: tuple[ObjectKey, Manifest]) -> tuple[str, str]:
    return item[0].namespace, item[0].name
