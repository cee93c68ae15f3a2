"""Reads and writes of single objects. Every failure is a ClusterError with its cause chained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from kubernetes.aio import client
from kubernetes.aio.dynamic import DynamicClient

from bitcoincache_api.names import FIELD_MANAGER
from bitcoincache_operator.cluster.errors import ConflictError, NotFoundError, UnavailableError, from_answer
from bitcoincache_operator.kinds import BITCOINCACHE, Kind, Manifest, ObjectKey, key_of

_REQUEST_TIMEOUT: Final = 30.0
"""Seconds."""

_UntypedClient: Final[Any] = DynamicClient

_MERGE_PATCH: Final = "application/merge-patch+json"


class Cluster:
    """The API server, for one field manager.

    Any call may raise a ClusterError: UnavailableError where the answer may be another next time, RefusedError where it
    won't, ConflictError where the object is no longer the one that was meant.
    """

    def __init__(self, api: client.ApiClient) -> None:
        # Not awaited: that would discover every kind of the cluster. The few that are needed are known.
        self._dynamic = _UntypedClient(api)

    async def serves(self, kind: Kind) -> bool:
        """Whether the API server knows the kind by now: a new CustomResourceDefinition takes it a moment."""
        path = f"/apis/{kind.group}/{kind.version}"
        try:
            answer = await self._ask(f"look for {kind.plural}", "get", path)
        except NotFoundError:
            return False
        return any(resource["name"] == kind.plural for resource in answer["resources"])

    async def find(self, key: ObjectKey) -> Manifest | None:
        """The object, or None where there is none."""
        try:
            return await self._ask(f"read {key}", "get", key.path)
        except NotFoundError:
            return None

    async def list(
        self, kind: Kind, namespace: str = "", selector: str | None = None, limit: int | None = None
    ) -> list[Manifest]:
        """The objects that the label selector matches, with ``apiVersion`` and ``kind``, which lists leave out.

        All of them, or the first ``limit`` by name.
        """
        where = f" in {namespace}" if namespace else ""
        answer = await self._ask(
            f"list {kind.plural}{where}",
            "get",
            kind.path(namespace),
            label_selector=selector,
            limit=limit,
        )
        return [{**item, "apiVersion": kind.api_version, "kind": kind.kind} for item in answer.get("items") or []]

    async def apply(self, manifest: Manifest) -> Manifest:
        """Server-side apply, conflicts won. Gives the object as it now is."""
        key = key_of(manifest)
        return await self._apply(f"apply {key}", key.path, manifest)

    async def merge(self, key: ObjectKey, patch: Mapping[str, Any]) -> Manifest:
        """JSON merge patch (RFC 7386). Gives the object as it now is."""
        return await self._ask(
            f"patch {key}",
            "patch",
            key.path,
            body=patch,
            content_type=_MERGE_PATCH,
            field_manager=FIELD_MANAGER,
        )

    async def delete(self, live: Manifest) -> None:
        """Deletes this very object, dependents in the background. Does nothing where it is gone or another one."""
        key = key_of(live)
        options = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": "Background",
            "preconditions": {"uid": live["metadata"]["uid"]},
        }
        try:
            await self._ask(
                f"delete {key}",
                "delete",
                key.path,
                body=options,
            )
        except (NotFoundError, ConflictError):
            return

    async def create(self, manifest: Manifest) -> Manifest:
        """A new object. Raises ConflictError where the name is taken."""
        key = key_of(manifest)
        return await self._ask(
            f"create {key}",
            "post",
            key.kind.path(key.namespace),
            body=manifest,
            field_manager=FIELD_MANAGER,
        )

    async def apply_status(self, namespace: str, name: str, uid: str, status: Mapping[str, Any]) -> None:
        """Writes a BitcoinCache's status; what it leaves out is removed. Raises ConflictError where the UID differs."""
        body = {
            "apiVersion": BITCOINCACHE.api_version,
            "kind": BITCOINCACHE.kind,
            "metadata": {"namespace": namespace, "name": name, "uid": uid},
            "status": dict(status),
        }
        path = BITCOINCACHE.path(namespace, name) + "/status"
        await self._apply(f"write the status of {namespace}/{name}", path, body)

    async def _apply(self, what: str, path: str, body: Manifest) -> Manifest:
        return await self._ask(
            what,
            "patch",
            path,
            body=body,
            content_type="application/apply-patch+yaml",
            field_manager=FIELD_MANAGER,
            force_conflicts=True,
        )

    async def _ask(self, what: str, method: str, path: str, **parameters: Any) -> Manifest:
        try:
            response = await self._dynamic.request(
                method, path, serialize=False, _request_timeout=_REQUEST_TIMEOUT, **parameters
            )
            answer: Manifest = await response.json()
        except client.ApiException as error:
            raise from_answer(what, error.status or 0, error.body) from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UnavailableError(f"could not {what}: {type(error).__name__}") from error
        return answer
