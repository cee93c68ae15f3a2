"""``python -m bitcoincache_operator.self_test URL NAMESPACE``: whether an installed operator works; for ``helm test``.

It has a paused resource visited, of which nothing is made, and asks the operator at URL how it is.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import aiohttp

from bitcoincache_operator import logs
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.connection import connected
from bitcoincache_operator.errors import OperatorError, SelfTestError
from bitcoincache_operator.kinds import BITCOINCACHE, ObjectKey
from bitcoincache_operator.resource import parsed

NAME: Final = "bitcoincache-self-test"

_PATIENCE: Final = 60.0
"""Seconds for each step."""

_VISITS: Final = re.compile(r"^bitcoincache_reconciles_total ([0-9.e+]+)$", re.MULTILINE)

_log: Final = logging.getLogger("bitcoincache_operator.self_test")


async def self_test(cluster: Cluster, url: str, namespace: str) -> None:
    """Raises SelfTestError, which says what doesn't work and where to look, and ClusterError."""
    if not await cluster.serves(BITCOINCACHE):
        raise SelfTestError("the API server serves no BitcoinCache: install the chart with crds.enabled=true")
    await _until("the operator is healthy", "see its log", lambda: _healthy(url))
    key = ObjectKey(BITCOINCACHE, namespace, NAME)
    async with _paused_resource(cluster, key):
        advice = f"see its log, and whether it serves namespace {namespace}"
        await _until("the operator has written a resource's status", advice, lambda: _has_status(cluster, key))
    await _until("visits are counted", "see whether another operator writes that status", lambda: _counts(url))


async def _until(what: str, advice: str, holds: Callable[[], Awaitable[bool]]) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            while not await holds():  # noqa: ASYNC110 - nobody tells when it does
                await asyncio.sleep(0.5)
    except TimeoutError as error:
        raise SelfTestError(f"not within {_PATIENCE:.0f} s: {what}; {advice}") from error
    _log.info("%s", what)


@asynccontextmanager
async def _paused_resource(cluster: Cluster, key: ObjectKey) -> AsyncIterator[None]:
    left_over = await cluster.find(key)
    if left_over is not None:
        await cluster.delete(left_over)
    content = {"apiVersion": key.kind.api_version, "kind": key.kind.kind, "spec": {"paused": True}}
    live = await cluster.create({**content, "metadata": {"namespace": key.namespace, "name": key.name}})
    try:
        yield
    finally:
        await cluster.delete(live)


async def _has_status(cluster: Cluster, key: ObjectKey) -> bool:
    live = await cluster.find(key)
    if live is None:
        return False
    resource = parsed(live)
    return resource.status.observed_generation == resource.generation


async def _healthy(url: str) -> bool:
    return await _get(f"{url}/healthz") is not None


async def _counts(url: str) -> bool:
    visits = _VISITS.search(await _get(f"{url}/metrics") or "")
    return visits is not None and float(visits[1]) > 0


async def _get(url: str) -> str | None:
    """The body of a good answer; None where there is no answer, or another one."""
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session, session.get(url) as answer:
            return await answer.text() if answer.status == HTTPStatus.OK else None
    except (aiohttp.ClientError, TimeoutError):
        return None


async def _main(url: str, namespace: str) -> None:
    async with connected() as cluster:
        await self_test(cluster, url, namespace)


def main() -> int:
    """The exit code: 1 where something doesn't work, which the log names."""
    logs.configure("INFO")
    try:
        asyncio.run(_main(*sys.argv[1:]))
    except OperatorError as error:
        _log.critical("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
