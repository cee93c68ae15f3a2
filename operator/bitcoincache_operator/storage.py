"""Where PostgreSQL's data live. Pure: decided once, and from then on the decision is read from what exists.

The order is directory, volume, claim. What exists already says that the steps before it are done, so a reconcile that
was interrupted anywhere goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bitcoincache_api.crd.postgres import MANUAL_STORAGE_CLASS
from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import Component
from bitcoincache_operator.builders import storage as builders
from bitcoincache_operator.builders.postgres import USER
from bitcoincache_operator.builders.quantity import amount
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.builders.storage import Directory, Helper
from bitcoincache_operator.directories import Policy, helper_job, wanted_directory
from bitcoincache_operator.jobs import failed, succeeded
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.workloads import complaints
from bitcoincache_operator.world import World, annotations_of, has_run, is_deleting

_DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
_SELECTED_NODE: Final = "volume.kubernetes.io/selected-node"
"""Set by the scheduler where a class makes volumes once it is known where their pods will run."""
_BOUND: Final = "pv.kubernetes.io/bind-completed"
"""On a claim that was bound to a volume once, also where that is gone by now."""


@dataclass(frozen=True)
class Trouble:
    """What a condition says of it: why, and what to do."""

    reason: Reason
    message: str


@dataclass(frozen=True)
class StoragePlan:
    """What should exist of the storage by now.

    ``directory`` is where a volume of the operator's own has its data, None where a class provides the volume.
    ``trouble`` is what keeps the volume from being as the spec asks, None where nothing does. ``look_again`` is set
    where what it waits for sends no news.
    """

    manifests: tuple[Manifest, ...] = ()
    directory: Directory | None = None
    trouble: Trouble | None = None
    look_again: bool = False


def plan(world: World, stack: Stack, policy: Policy) -> StoragePlan:
    """The next step, or all of them where the decision was taken before."""
    wanted = stack.spec.postgres.storage
    if world.claim is None:
        chosen: str | None = _chosen_class(world, wanted.storage_class_name, wanted.path)
        size = wanted.size
    else:
        chosen = world.claim["spec"].get("storageClassName") or None
        size = requested(world.claim)
    if chosen == MANUAL_STORAGE_CLASS:
        found = _manual(world, stack, policy, size)
    elif _grows(size, wanted.size) and not _can_grow(world, chosen):
        trouble = Trouble(Reason.STORAGE_CANNOT_GROW, _cannot_grow(chosen, size))
        found = StoragePlan((builders.claim(stack, size, chosen),), trouble=trouble, look_again=True)
    else:
        found = StoragePlan((builders.claim(stack, max(size, wanted.size, key=amount), chosen),))
    return replace(found, trouble=_danger(world) or found.trouble or _trouble_of_claim(world))


def needs_classes(world: World, size: str) -> bool:
    """Whether the storage classes matter: a volume is yet to be made, or is to be of ``size`` and has less."""
    return world.claim is None or _is_pending(world.claim) or _grows(requested(world.claim), size)


def _is_pending(claim: Manifest) -> bool:
    return _phase(claim) == "Pending"


def _phase(claim: Manifest) -> str:
    return str(claim.get("status", {}).get("phase", ""))


def requested(claim: Manifest) -> str:
    """The size that a claim asks for."""
    return str(claim["spec"]["resources"]["requests"]["storage"])


def _grows(size: str, wanted: str) -> bool:
    return amount(wanted) > amount(size)


def _can_grow(world: World, storage_class: str | None) -> bool:
    """What the class says; whoever makes volumes without a class is asked by trying."""
    found = [item for item in world.storage_classes if item["metadata"]["name"] == storage_class]
    return storage_class is None or any(item.get("allowVolumeExpansion") for item in found)


def _cannot_grow(storage_class: str | None, size: str) -> str:
    return (
        f"storage class {storage_class} can't grow volumes, so the volume stays at {size}: set allowVolumeExpansion in "
        f"the class, or set spec.postgres.storage.size back to {size}"
    )


def _danger(world: World) -> Trouble | None:
    """What comes before all else: data that can still be saved."""
    claim = world.claim
    if claim is None:
        return None
    name, volume = claim["metadata"]["name"], claim["spec"].get("volumeName")
    if is_deleting(claim):
        return Trouble(
            Reason.STORAGE_DELETING,
            f"claim {name} is being deleted, and its data with it as soon as PostgreSQL's pod ends: save them now",
        )
    if _phase(claim) == "Lost" and claim["spec"].get("storageClassName") != MANUAL_STORAGE_CLASS:
        return Trouble(
            Reason.STORAGE_LOST,
            f"claim {name} has lost its volume {volume}, and PostgreSQL won't start again without it: save the data "
            "while it runs, delete the claim, and restore them into the one that takes its place",
        )
    return None


def _trouble_of_claim(world: World) -> Trouble | None:
    claim = world.claim
    if claim is None:
        return None
    name = claim["metadata"]["name"]
    if _is_pending(claim):
        return _trouble_of_class(world, claim)
    if _phase(claim) == "Lost":
        return Trouble(Reason.STORAGE_PENDING, f"claim {name} is about to get its volume back, where its data are")
    asked, given = requested(claim), claim.get("status", {}).get("capacity", {}).get("storage")
    by_class = claim["spec"].get("storageClassName") != MANUAL_STORAGE_CLASS
    if by_class and given is not None and _grows(str(given), asked):
        return Trouble(Reason.STORAGE_GROWING, f"claim {name} grows from {given} to {asked}")
    return None


def _trouble_of_class(world: World, claim: Manifest) -> Trouble | None:
    """Why a claim has no volume yet, where it is its class's turn to make one. The operator makes its own otherwise."""
    name, wanted = claim["metadata"]["name"], claim["spec"].get("storageClassName")
    if wanted in (None, MANUAL_STORAGE_CLASS):
        return None
    found = [item for item in world.storage_classes if item["metadata"]["name"] == wanted]
    if not found:
        missing = f"there is no storage class {wanted}: create it, or make a new resource with another one"
        return Trouble(Reason.STORAGE_PENDING, missing)
    after_scheduling = found[0].get("volumeBindingMode") == "WaitForFirstConsumer"
    if after_scheduling and _SELECTED_NODE not in annotations_of(claim):
        return None
    who = f"storage class {wanted} ({found[0]['provisioner']})"
    return Trouble(Reason.STORAGE_PENDING, f"{who} has not made the volume yet: see kubectl describe pvc {name}")


def mended_reference(world: World) -> Manifest:
    """A merge patch for the ``claimRef`` of the operator's volume, which says whose it is; empty where it is right.

    A volume whose claim was deleted waits for that one alone, and takes no other. And one that was made again has to
    name the claim by its UID where that was bound before, or Kubernetes holds the claim to be lost (``syncBoundClaim``
    in pkg/controller/volume/persistentvolume/pv_controller.go).
    """
    volume, claim = world.volume, world.claim
    if volume is None or claim is None or is_deleting(volume):
        return {}
    uid, named = claim["metadata"]["uid"], (volume["spec"].get("claimRef") or {}).get("uid")
    if named == uid:
        return {}
    if _BOUND in annotations_of(claim) and claim["spec"].get("volumeName") == volume["metadata"]["name"]:
        return {"uid": uid, "resourceVersion": None}
    return {"uid": None, "resourceVersion": None} if named is not None else {}


def _chosen_class(world: World, wanted: str | None, path: str | None) -> str:
    if wanted is not None:
        return wanted
    if world.volume is not None or path is not None:
        return MANUAL_STORAGE_CLASS
    defaults = [
        str(item["metadata"]["name"])
        for item in world.storage_classes
        if annotations_of(item).get(_DEFAULT_CLASS) == "true"
    ]
    return min(defaults, default=MANUAL_STORAGE_CLASS)


def _manual(world: World, stack: Stack, policy: Policy, size: str) -> StoragePlan:
    directory = wanted_directory(world, stack, policy)
    if directory is None:
        nowhere = "no node can hold the volume: make one ready, schedulable and untainted, or set a storage class"
        return StoragePlan(trouble=Trouble(Reason.STORAGE_PENDING, nowhere), look_again=True)
    volume = builders.volume(stack.names, size, directory)
    claim = builders.manual_claim(stack, size, directory)
    if world.volume is not None:
        # Its capacity is but a name, and can't change.
        volume["spec"]["capacity"] = dict(world.volume["spec"]["capacity"])
    if policy.helper is None:
        return StoragePlan((volume, claim), directory, _for_a_person(directory) if _is_waited_for(world) else None)
    job = helper_job(world, builders.MAKE)
    if world.volume is not None or (job is not None and succeeded(job)):
        return StoragePlan((volume, claim), directory)
    make = builders.make_directory_job(stack.names, policy.helper, directory)
    return StoragePlan((make,), directory, _being_made(stack, policy.helper, directory, job))


def _being_made(stack: Stack, helper: Helper, directory: Directory, job: Manifest | None) -> Trouble:
    where = f"the directory {directory.path} on node {directory.hostname}"
    if job is not None and failed(job):
        return Trouble(
            Reason.STORAGE_PENDING,
            f"{where} could not be made: read the log of Job {helper.namespace}/{stack.names.storage_job}, "
            "mend the cause, and delete the Job to try again",
        )
    return Trouble(Reason.STORAGE_PENDING, f"{where} is being made")


def _is_waited_for(world: World) -> bool:
    """Whether PostgreSQL may lack its directory: no container starts without it, and no pod complains of that."""
    pods = world.pods(Component.POSTGRES)
    return not any(map(has_run, pods)) and not any(complaints(pods))


def _for_a_person(directory: Directory) -> Trouble:
    return Trouble(
        Reason.STORAGE_PENDING,
        f"create the directory {directory.path} on node {directory.hostname} with owner {USER.uid}:{USER.gid} and mode "
        "0700: the operator was told not to",
    )
