"""The API server as a test sees it: plain JSON over HTTP, nothing of the operator's own between."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

Object = dict[str, Any]

PREFIXES: Final = {
    "deployments": "/apis/apps/v1",
    "jobs": "/apis/batch/v1",
    "endpointslices": "/apis/discovery.k8s.io/v1",
    "cronjobs": "/apis/batch/v1",
    "poddisruptionbudgets": "/apis/policy/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2",
    "networkpolicies": "/apis/networking.k8s.io/v1",
    **dict.fromkeys(
        ("roles", "rolebindings", "clusterroles", "clusterrolebindings"), "/apis/rbac.authorization.k8s.io/v1"
    ),
    "bitcoincaches": "/apis/bitcoincache.dev/v1alpha1",
    "customresourcedefinitions": "/apis/apiextensions.k8s.io/v1",
    "storageclasses": "/apis/storage.k8s.io/v1",
    "mutatingwebhookconfigurations": "/apis/admissionregistration.k8s.io/v1",
}
CLUSTER_SCOPED: Final = frozenset(
    {
        "persistentvolumes",
        "nodes",
        "namespaces",
        "customresourcedefinitions",
        "storageclasses",
        "clusterroles",
        "clusterrolebindings",
        "mutatingwebhookconfigurations",
    }
)


class ApiError(Exception):
    """The API server said no; the message is its own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Connection(HTTPSConnection):
    """Closed with its last user."""

    def __del__(self) -> None:
        self.close()


@dataclass(frozen=True)
class Kubernetes:
    """Requests with the rights of a kubeconfig's only user, seen from one namespace."""

    kubeconfig: Path
    namespace: str
    _parsed: Object = field(init=False, repr=False)
    _trust: ssl.SSLContext = field(init=False, repr=False)
    _mine: threading.local = field(default_factory=threading.local, init=False, repr=False)
    """Each thread's own connection, which is kept: a handshake costs more than most requests."""

    def __post_init__(self) -> None:
        parsed = json.loads(self.kubeconfig.read_text("utf-8"))
        object.__setattr__(self, "_parsed", parsed)
        authority = parsed["clusters"][0]["cluster"]["certificate-authority"]
        object.__setattr__(self, "_trust", ssl.create_default_context(cafile=authority))

    def path(self, plural: str, name: str = "") -> str:
        scope = "" if plural in CLUSTER_SCOPED else f"/namespaces/{self.namespace}"
        return f"{PREFIXES.get(plural, '/api/v1')}{scope}/{plural}" + (f"/{name}" if name else "")

    def get(self, plural: str, name: str) -> Object:
        return self._ask("GET", self.path(plural, name))

    def find(self, plural: str, name: str) -> Object | None:
        try:
            return self.get(plural, name)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list(self, plural: str) -> list[Object]:
        """With ``apiVersion`` and ``kind``, which the API server leaves out of lists."""
        answer = self._ask("GET", self.path(plural))
        meta = {"apiVersion": answer["apiVersion"], "kind": answer["kind"].removesuffix("List")}
        return [{**meta, **item} for item in answer["items"]]

    def names(self, plural: str) -> set[str]:
        return {item["metadata"]["name"] for item in self.list(plural)}

    def create(self, plural: str, body: Object) -> Object:
        return self._ask("POST", self.path(plural), body)

    def refusal(self, plural: str, body: Object) -> str:
        """Why the API server would not take a new object; empty where it would. Nothing is stored."""
        try:
            self._ask("POST", f"{self.path(plural)}?dryRun=All", body)
        except ApiError as error:
            if error.status == 422:
                return str(error)
            raise
        return ""

    def listed_at(self, plural: str, version: str) -> dict[str, Object]:
        """All objects by name, as they were when any object of the cluster got that resourceVersion."""
        exactly = f"?resourceVersion={version}&resourceVersionMatch=Exact"
        items = self._ask("GET", self.path(plural) + exactly)["items"]
        return {item["metadata"]["name"]: item for item in items}

    def changes(self, plural: str, since: str) -> Iterator[Object]:
        """Each state that an object has come by since that resourceVersion, and in the second to come."""
        lines = self._send("GET", f"{self.path(plural)}?watch=1&timeoutSeconds=1&resourceVersion={since}").splitlines()
        return (event["object"] for event in map(json.loads, lines) if event["type"] in ("ADDED", "MODIFIED"))

    def patch(self, plural: str, name: str, body: Object, subresource: str = "") -> Object:
        path = self.path(plural, name) + (f"/{subresource}" if subresource else "")
        return self._ask("PATCH", path, body, "application/merge-patch+json")

    def edit(self, plural: str, name: str, operation: Object) -> Object:
        """One operation of a JSON patch (RFC 6902)."""
        return self._ask("PATCH", self.path(plural, name), [operation], "application/json-patch+json")

    def delete(self, plural: str, name: str) -> None:
        # As kubectl does: a Job's own default leaves its pods behind, which takes a controller.
        self._ask("DELETE", self.path(plural, name), {"propagationPolicy": "Background"})

    def delete_as_it_is(self, plural: str, live: Object) -> None:
        """Deletes just this state of an object: one that was changed since is refused with 409."""
        metadata = live["metadata"]
        conditions = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}
        options = {"propagationPolicy": "Background", "preconditions": conditions}
        self._ask("DELETE", self.path(plural, metadata["name"]), options)

    def _ask(self, method: str, path: str, body: Any = None, content: str = "application/json") -> Object:
        answer: Object = json.loads(self._send(method, path, body, content))
        return answer

    def _send(self, method: str, path: str, body: Any = None, content: str = "application/json") -> bytes:
        token = self._parsed["users"][0]["user"]["token"]
        headers = {"Content-Type": content, "Authorization": f"Bearer {token}", "User-Agent": "test"}
        sent = None if body is None else json.dumps(body).encode()
        try:
            status, received = self._exchange(method, path, sent, headers)
        except (HTTPException, ConnectionError):
            # The server may have closed a connection that was idle for long.
            self._mine.connection = None
            status, received = self._exchange(method, path, sent, headers)
        if status >= 400:
            raise ApiError(status, json.loads(received)["message"])
        return received

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        connection: _Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            server = urlsplit(self._parsed["clusters"][0]["cluster"]["server"])
            connection = _Connection(str(server.hostname), server.port, timeout=30, context=self._trust)
            self._mine.connection = connection
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
