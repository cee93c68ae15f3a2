"""``python -m bitcoincache_operator.let_go [NAMESPACE...]``: takes the operator's finalizer off every resource.

For the moment after the operator was uninstalled: nobody would take it off any more, and neither the resource nor its
namespace could ever be deleted. Nothing else is touched: the stacks go on, and the data stay where they are.

The operator can't put it back: its rights are gone by then.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Final

from bitcoincache_operator import logs
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.connection import connected
from bitcoincache_operator.cluster.errors import ConflictError, NotFoundError, RefusedError
from bitcoincache_operator.errors import OperatorError
from bitcoincache_operator.finalize import drop_finalizer
from bitcoincache_operator.kinds import BITCOINCACHE, Manifest
from bitcoincache_operator.resource import Resource, parsed

_log: Final = logging.getLogger("bitcoincache_operator.let_go")


async def let_go(cluster: Cluster, namespaces: Sequence[str]) -> bool:
    """Says whether no resource holds the finalizer any more. No namespaces are all of them.

    Raises UnavailableError where the API server doesn't answer; what was done by then stands.
    """
    refused = 0
    for live in await _resources(cluster, namespaces):
        resource = parsed(live)
        if resource.holds_finalizer:
            logs.current_resource.set(resource.key)
            refused += not await _released(cluster, resource)
    logs.current_resource.set(None)
    return refused == 0


async def _resources(cluster: Cluster, namespaces: Sequence[str]) -> list[Manifest]:
    try:
        return [live for namespace in namespaces or [""] for live in await cluster.list(BITCOINCACHE, namespace)]
    except NotFoundError:
        # The definition is gone, and all resources with it.
        return []


async def _released(cluster: Cluster, resource: Resource) -> bool:
    try:
        await drop_finalizer(cluster, resource)
    except NotFoundError:
        return True
    except (ConflictError, RefusedError) as error:
        _log.error("%s", error)
        return False
    _log.info("let go: it can be deleted without the operator; its data stay in %s", _place_of_data(resource))
    return True


def _place_of_data(resource: Resource) -> str:
    volume = f"volume {resource.names.persistent_volume}"
    if resource.directory is None:
        return volume
    return f"{volume}, directory {resource.directory.path} on node {resource.directory.hostname}"


async def _main(namespaces: Sequence[str]) -> int:
    async with connected() as cluster:
        return 0 if await let_go(cluster, namespaces) else 1


def main() -> int:
    """The exit code: 1 where some resource is still held, and another try may help."""
    logs.configure("INFO")
    try:
        return asyncio.run(_main(sys.argv[1:]))
    except OperatorError as error:
        _log.critical("%s", error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
