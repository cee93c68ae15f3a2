"""The API server as the bench sees it: many requests and watches at once, in plain JSON."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from support.kubernetes import CLUSTER_SCOPED, PREFIXES, Object

_LONGEST_LINE: Final = 2**22
_MERGE: Final = {"Content-Type": "application/merge-patch+json"}


class Api:
    """Requests to one API server. An answer that isn't a success raises aiohttp.ClientResponseError."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def text(self, path: str) -> str:
        async with self._session.get(path) as answer:
            return await answer.text()

    async def list(self, plural: str) -> list[Object]:
        """All of a kind, in all namespaces."""
        async with self._session.get(_path(plural)) as answer:
            items: list[Object] = (await answer.json())["items"]
            return items

    async def create(self, plural: str, namespace: str, body: Object) -> Object:
        async with self._session.post(_path(plural, namespace), json=body) as answer:
            return dict(await answer.json())

    async def patch(self, plural: str, namespace: str, name: str, body: Object) -> Object:
        async with self._session.patch(_path(plural, namespace, name), json=body, headers=_MERGE) as answer:
            return dict(await answer.json())

    async def patch_status(self, plural: str, namespace: str, name: str, status: Object) -> None:
        path = _path(plural, namespace, name) + "/status"
        async with self._session.patch(path, json={"status": status}, headers=_MERGE):
            return

    async def delete(self, plural: str, namespace: str, name: str) -> None:
        options = {"propagationPolicy": "Background", "gracePeriodSeconds": 0}
        async with self._session.delete(_path(plural, namespace, name), json=options):
            return

    async def watch(self, plural: str) -> AsyncIterator[tuple[str, Object]]:
        """What there is, as ADDED, and from then on each change, with the kind of the event."""
        async with self._session.get(_path(plural), params={"watch": "true"}) as answer:
            async for line in answer.content:
                event = json.loads(line)
                yield event["type"], event["object"]


@asynccontextmanager
async def connected(kubeconfig: Path) -> AsyncIterator[Api]:
    """With the rights of the kubeconfig's only user."""
    parsed = json.loads(kubeconfig.read_text("utf-8"))  # noqa: ASYNC240 - once
    cluster = parsed["clusters"][0]["cluster"]
    trust = ssl.create_default_context(cafile=cluster["certificate-authority"])
    async with aiohttp.ClientSession(
        cluster["server"],
        headers={"Authorization": f"Bearer {parsed['users'][0]['user']['token']}", "User-Agent": "bench"},
        connector=aiohttp.TCPConnector(ssl=trust, limit=0),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=30),
        read_bufsize=_LONGEST_LINE,
        raise_for_status=True,
    ) as session:
        yield Api(session)


def _path(plural: str, namespace: str = "", name: str = "") -> str:
    scope = f"/namespaces/{namespace}" if namespace and plural not in CLUSTER_SCOPED else ""
    return f"{PREFIXES.get(plural, '/api/v1')}{scope}/{plural}" + (f"/{name}" if name else "")
