"""Deleting a resource that takes its data along: what owner references can't collect, one step a visit.

Pods, then the claim, then the directory, then the volume, then the finalizer. Each step begins when the one before it
shows in the world, so it works from any state that a creation may have been interrupted in.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final

from bitcoincache_api.names import FINALIZER, Component, Label
from bitcoincache_operator.builders import storage as builders
from bitcoincache_operator.builders.pod import HOSTNAME_LABEL
from bitcoincache_operator.builders.storage import Directory
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.errors import ClusterError
from bitcoincache_operator.directories import Policy, directory_of, helper_job
from bitcoincache_operator.events import left_behind
from bitcoincache_operator.jobs import failed, succeeded
from bitcoincache_operator.kinds import BITCOINCACHE, CRON_JOB, DEPLOYMENT, JOB, NODE, POD, SECRET, ObjectKey, key_of
from bitcoincache_operator.resource import Resource
from bitcoincache_operator.world import World, controller_uid, is_deleting, label

_WORKLOADS: Final = (DEPLOYMENT, CRON_JOB, JOB)
_log: Final = logging.getLogger(__name__)


async def finalize(cluster: Cluster, world: World, policy: Policy) -> str:
    """Takes the next step and says what it waits for; empty when all is done. Raises ClusterError."""
    if await _pods_remain(cluster, world):
        return "waits for the pods to end"
    if await _claim_remains(cluster, world):
        return "waits for the claim to go"
    directory = directory_of(world)
    if directory is not None and await _directory_remains(cluster, world, policy, directory):
        return f"waits for the directory {directory.path} on node {directory.hostname} to be removed"
    for leftover in filter(None, (world.volume, helper_job(world, builders.REMOVE))):
        if not is_deleting(leftover):
            await cluster.delete(leftover)
    await drop_finalizer(cluster, world.resource)
    return ""


async def keep_data(cluster: Cluster, world: World) -> None:
    """Lets the resource go without claim and Secret: without an owner, nobody collects them. Raises ClusterError."""
    names = world.resource.names
    for kept in (world.claim, world.child(SECRET, names.postgres_secret)):
        if kept is not None and kept["metadata"].get("ownerReferences"):
            await cluster.merge(key_of(kept), {"metadata": {"ownerReferences": None}})
    await drop_finalizer(cluster, world.resource)


async def drop_finalizer(cluster: Cluster, resource: Resource) -> None:
    """Lets the resource go, as far as the operator is concerned. Raises ConflictError where it changed meanwhile."""
    others = [name for name in resource.finalizers if name != FINALIZER]
    key = ObjectKey(BITCOINCACHE, resource.key.namespace, resource.key.name)
    await cluster.merge(key, {"metadata": {"resourceVersion": resource.version, "finalizers": others}})


async def _pods_remain(cluster: Cluster, world: World) -> bool:
    for kind in _WORKLOADS:
        for live in world.of_kind(kind):
            if controller_uid(live) is not None and not is_deleting(live):
                await cluster.delete(live)
    # Also those on their way out: they still write.
    return any(label(pod, Label.COMPONENT) == Component.POSTGRES for pod in world.of_kind(POD))


async def _claim_remains(cluster: Cluster, world: World) -> bool:
    if world.claim is None:
        return False
    if not is_deleting(world.claim):
        await cluster.delete(world.claim)
    return True


async def _directory_remains(cluster: Cluster, world: World, policy: Policy, directory: Directory) -> bool:
    """Whether the directory is still to be removed. One that nobody can remove is told of, and holds nothing up."""
    if policy.helper is None or not await _node_exists(cluster, directory.hostname):
        await _leave(cluster, world.resource, directory, "the operator may not, or the node is gone")
        return False
    making = helper_job(world, builders.MAKE)
    if making is not None:
        # Both Jobs have the same name, so they never run together.
        if not is_deleting(making):
            await cluster.delete(making)
        return True
    removing = helper_job(world, builders.REMOVE)
    if removing is None:
        await cluster.apply(builders.remove_directory_job(world.resource.names, policy.helper, directory))
        return True
    if failed(removing):
        await _leave(cluster, world.resource, directory, f"Job {key_of(removing).name} could not remove it")
    return not (failed(removing) or succeeded(removing))


async def _leave(cluster: Cluster, resource: Resource, directory: Directory, why: str) -> None:
    """Tells of a directory that stays. An event that can't be written must not hold the deletion up."""
    message = f"directory {directory.path} stays on node {directory.hostname}, remove it by hand: {why}"
    _log.warning("%s", message)
    try:
        await cluster.create(left_behind(resource, message, datetime.now(UTC)))
    except ClusterError as error:
        _log.warning("an event is lost: %s", error)


async def _node_exists(cluster: Cluster, hostname: str) -> bool:
    return any(label(node, HOSTNAME_LABEL) == hostname for node in await cluster.list(NODE))
