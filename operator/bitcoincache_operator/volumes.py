"""PostgreSQL's volume, laid as the plan has it, and the finalizer where it needs one."""

from __future__ import annotations

from bitcoincache_api.crd.spec import DeletionPolicy
from bitcoincache_api.names import FINALIZER
from bitcoincache_operator import storage
from bitcoincache_operator.apply import Applier
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.builders.storage import DIRECTORY_ANNOTATION, Directory
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.kinds import BITCOINCACHE, PERSISTENT_VOLUME, ObjectKey
from bitcoincache_operator.storage import StoragePlan


async def lay_storage(cluster: Cluster, stack: Stack, applier: Applier, plan: StoragePlan) -> None:
    """Takes the plan's steps. Raises ClusterError."""
    await _hold_finalizer(cluster, stack, applier, plan.directory)
    for manifest in plan.manifests:
        await applier.apply(manifest)
    # Now that the claim is there, or is found, though it may have lost its labels.
    reference = storage.mended_reference(applier.world)
    if reference:
        volume = ObjectKey(PERSISTENT_VOLUME, "", stack.names.persistent_volume)
        await applier.merge(volume, {"spec": {"claimRef": reference}})


async def _hold_finalizer(cluster: Cluster, stack: Stack, applier: Applier, directory: Directory | None) -> None:
    """A finalizer only where there is something that owner references can't collect."""
    resource = applier.world.resource
    wanted = directory if stack.spec.deletion_policy is DeletionPolicy.DELETE else None
    if (wanted is not None) == resource.holds_finalizer and wanted == resource.directory:
        return
    others = [name for name in resource.finalizers if name != FINALIZER]
    metadata = {
        "resourceVersion": resource.version,
        "finalizers": [*others, FINALIZER] if wanted else others,
        "annotations": {DIRECTORY_ANNOTATION: str(wanted) if wanted else None},
    }
    key = ObjectKey(BITCOINCACHE, resource.key.namespace, resource.key.name)
    await cluster.merge(key, {"metadata": metadata})
