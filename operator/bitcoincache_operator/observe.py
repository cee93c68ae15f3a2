"""Reads the world of one resource, straight from the API server. A read that fails raises: it is no empty answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from bitcoincache_api.crd.spec import BitcoinCacheSpec
from bitcoincache_api.names import MANAGED_BY_SELECTOR, NAMESPACE_LABEL, Label
from bitcoincache_operator import directories, endpoints, storage
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.kinds import (
    IN_NAMESPACE,
    JOB,
    NODE,
    PERSISTENT_VOLUME,
    SERVICE,
    STORAGE_CLASS,
    key_of,
)
from bitcoincache_operator.resource import Resource
from bitcoincache_operator.world import World

_SOME_NODES: Final = 10


async def observe(cluster: Cluster, resource: Resource, operator_namespace: str) -> World:
    """All that carries the resource's labels, and what of the cluster is needed to decide. Raises ClusterError."""
    namespace = resource.key.namespace
    selector = f"{Label.INSTANCE}={resource.key.name},{NAMESPACE_LABEL}={namespace},{MANAGED_BY_SELECTOR}"
    lists = await asyncio.gather(
        *(cluster.list(kind, namespace, selector) for kind in IN_NAMESPACE),
        cluster.list(PERSISTENT_VOLUME, selector=selector),
        # Where the directory of a volume is made.
        cluster.list(JOB, operator_namespace, selector),
    )
    world = World(resource, {key_of(item): item for items in lists for item in items})
    spec = resource.spec
    if isinstance(spec, BitcoinCacheSpec) and storage.needs_classes(world, spec.postgres.storage.size):
        world = replace(world, storage_classes=tuple(await cluster.list(STORAGE_CLASS)))
    if directories.needs_nodes(world):
        world = replace(world, nodes=tuple(await cluster.list(NODE)))
    elif any(map(endpoints.needs_nodes, world.of_kind(SERVICE))):
        # An address of any of them will do, and a cluster may have thousands.
        world = replace(world, nodes=tuple(await cluster.list(NODE, limit=_SOME_NODES)))
    return world
