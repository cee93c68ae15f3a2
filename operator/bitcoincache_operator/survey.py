"""How far the stack has come towards what is wanted. Pure: asked after each step of a reconcile, and for the status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import Component
from bitcoincache_operator import priming
from bitcoincache_operator.builders.pod import TEMPLATE_ANNOTATION
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.priming import Priming
from bitcoincache_operator.rollout import Progress, waits_for
from bitcoincache_operator.workloads import Workload, judged
from bitcoincache_operator.world import World


@dataclass(frozen=True)
class Survey:
    """``held`` says for the priming and for each Deployment why its newest version can't go yet; empty where it may."""

    workloads: Mapping[Component, Workload]
    priming: Priming
    held: Mapping[Component, str]


def surveyed(world: World, deployments: Mapping[Component, Manifest]) -> Survey:
    """The state of the world, measured by the wanted Deployments, which are in the order in which they go."""
    primed = priming.observed(world, deployments[Component.BACKEND]["spec"]["template"])
    progress = Progress(claim_exists=world.claim is not None, primed=primed.done, settled=())
    workloads: dict[Component, Workload] = {}
    held: dict[Component, str] = {}
    for component, manifest in deployments.items():
        name = manifest["metadata"]["name"]
        live = world.deployment(name)
        why_not = "waits for the end of the pause" if world.resource.paused else waits_for(component, progress)
        held[component] = why_not if _is_new(manifest, live) else ""
        workloads[component] = judged(name, live, manifest["spec"]["replicas"], world.pods(component), held[component])
        if workloads[component].settled:
            progress = replace(progress, settled=(*progress.settled, component))
    held[Component.PRIME] = waits_for(Component.PRIME, progress)
    if primed.reason is Reason.WAITING and held[Component.PRIME]:
        primed = replace(primed, message=held[Component.PRIME])
    return Survey(workloads, primed, held)


def _is_new(manifest: Manifest, live: Manifest | None) -> bool:
    """Whether the pods would be other ones. A template that was edited by hand isn't new, and is repaired at once."""
    if live is None:
        return True
    given = (live["metadata"].get("annotations") or {}).get(TEMPLATE_ANNOTATION)
    return bool(manifest["metadata"]["annotations"][TEMPLATE_ANNOTATION] != given)
