"""Which directory of which node a volume of the operator's own has its data in. Pure: picked once, then read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from bitcoincache_api.crd.postgres import MANUAL_STORAGE_CLASS
from bitcoincache_operator.builders import storage as builders
from bitcoincache_operator.builders.pod import HOSTNAME_LABEL
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.builders.storage import Directory, Helper
from bitcoincache_operator.kinds import JOB, Manifest
from bitcoincache_operator.world import World, label


@dataclass(frozen=True)
class Policy:
    """How the operator makes volumes. Without a helper, a person makes the directories."""

    root: str
    helper: Helper | None


def directory_of(world: World) -> Directory | None:
    """The directory that was decided on, by whatever tells of it; None where nothing was decided yet."""
    name = world.resource.names.persistent_volume
    for noted in (world.resource.directory, _noted_on_claim(world)):
        # Annotations are anyone's to write, and a directory that isn't this resource's own is never touched.
        if noted is not None and PurePosixPath(noted.path).name == name:
            return noted
    if world.volume is not None:
        spec = world.volume["spec"]
        terms = spec["nodeAffinity"]["required"]["nodeSelectorTerms"]
        return Directory(terms[0]["matchExpressions"][0]["values"][0], spec["local"]["path"])
    job = helper_job(world, builders.MAKE)
    if job is None:
        return None
    pod = job["spec"]["template"]["spec"]
    parent = PurePosixPath(pod["volumes"][0]["hostPath"]["path"])
    name = PurePosixPath(pod["containers"][0]["command"][3]).name
    return Directory(pod["nodeSelector"][HOSTNAME_LABEL], str(parent / name))


def _noted_on_claim(world: World) -> Directory | None:
    return Directory.noted(world.claim["metadata"].get("annotations")) if world.claim else None


def helper_job(world: World, purpose: str) -> Manifest | None:
    """The Job that makes, or removes, the directory."""
    jobs = [job for job in world.of_kind(JOB) if label(job, builders.PURPOSE_LABEL) == purpose]
    return jobs[0] if jobs else None


def needs_nodes(world: World) -> bool:
    """Whether the node for the volume is yet to be picked, or may have to be picked anew."""
    by_class = world.claim is not None and world.claim["spec"].get("storageClassName") != MANUAL_STORAGE_CLASS
    return not by_class and (directory_of(world) is None or _is_only_noted(world))


def wanted_directory(world: World, stack: Stack, policy: Policy) -> Directory | None:
    """The directory that was decided on, or else one that is picked now; None where no node is fit for it.

    A resource from another cluster's backup brings its note along: where nothing else tells of the directory, and there
    is no such node, the note is nothing to wait for.
    """
    found = directory_of(world)
    hostnames = {label(node, HOSTNAME_LABEL) for node in world.nodes}
    if found is None or (_is_only_noted(world) and found.hostname not in hostnames):
        return _pick(world, stack, policy)
    return found


def _is_only_noted(world: World) -> bool:
    """Whether nothing was made yet of what the resource notes."""
    return world.claim is None and world.volume is None and helper_job(world, builders.MAKE) is None


def _pick(world: World, stack: Stack, policy: Policy) -> Directory | None:
    """One of the nodes that can run the pod; which one depends on the resource, so that volumes spread."""
    hostnames = sorted(filter(None, (_usable_hostname(node) for node in world.nodes)))
    if not hostnames:
        return None
    # Below what the spec names, for two resources that name the same must not meet.
    path = f"{stack.spec.postgres.storage.path or policy.root}/{stack.names.persistent_volume}"
    spread = int(sha256(stack.names.persistent_volume.encode()).hexdigest(), 16)
    return Directory(hostnames[spread % len(hostnames)], path)


def _usable_hostname(node: Mapping[str, Any]) -> str | None:
    spec = node.get("spec", {})
    repelled = any(taint["effect"] in ("NoSchedule", "NoExecute") for taint in spec.get("taints") or ())
    conditions = node.get("status", {}).get("conditions") or ()
    ready = any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
    if spec.get("unschedulable") or repelled or not ready:
        return None
    return label(node, HOSTNAME_LABEL)
