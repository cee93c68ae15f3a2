"""How far the stack has come towards what is wanted. Pure: asked after each step of a reconcile, and for the status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import Component
from bitcoincache_operator import priming
from bitcoincache_operator.builders.pod import TEMPLATE_ANNOTATION
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.priming import Priming
from bitcoincache_operator.rollout import Progress, waits_for
from bitcoincache_operator.workloads import Workload, judged
from bitcoincache_operator.world import World, annotations_of, has_started


@dataclass(frozen=True)
class Survey:
    """``held`` says for the priming and for each Deployment why its newest version can't go yet; empty where it may.

    ``renewed`` are the components that run with another template than the wanted one. ``opened``: the cache has been
    primed once, so the backend's Service lets traffic in, and does so for good.
    """

    workloads: Mapping[Component, Workload]
    priming: Priming
    held: Mapping[Component, str]
    renewed: Collection[Component]
    opened: bool


def surveyed(world: World, deployments: Mapping[Component, Manifest]) -> Survey:
    """The state of the world, measured by the wanted Deployments, which are in the order in which they go."""
    primed = priming.observed(world, deployments[Component.BACKEND]["spec"]["template"])
    live_ones = {component: world.deployment(item["metadata"]["name"]) for component, item in deployments.items()}
    existing = [component for component, live in live_ones.items() if live is not None]
    progress = Progress(
        claim_exists=world.claim is not None,
        primed=primed.done,
        existing=existing,
        started=[component for component in deployments if any(map(has_started, world.pods(component)))],
        settled=(),
    )
    workloads: dict[Component, Workload] = {}
    held: dict[Component, str] = {}
    for component, manifest in deployments.items():
        live = live_ones[component]
        why_not = "waits for the end of the pause" if world.resource.paused else waits_for(component, progress)
        is_new = _is_new(manifest, live)
        held[component] = why_not if is_new else ""
        pending = (why_not or "its newest version is not applied yet") if is_new else ""
        name, replicas = manifest["metadata"]["name"], manifest["spec"]["replicas"]
        work = judged(name, live, replicas, world.pods(component), pending)
        workloads[component] = work if not replicas or world.is_reached(name) else _unreached(work)
        if workloads[component].settled:
            progress = replace(progress, settled=(*progress.settled, component))
    held[Component.PRIME] = waits_for(Component.PRIME, progress)
    if primed.reason is Reason.WAITING and held[Component.PRIME]:
        primed = replace(primed, message=held[Component.PRIME])
    renewed = [component for component in existing if _is_new(deployments[component], live_ones[component])]
    return Survey(workloads, primed, held, renewed, opened=primed.record is not None or world.backend_is_open)


def _unreached(work: Workload) -> Workload:
    """Pods that are ready are of no use yet where their Service leads to none: clients would be turned away."""
    if not work.settled:
        return work
    return replace(work, settled=False, reason=Reason.ROLLING_OUT, message=f"Service {work.name} leads to no pod yet")


def _is_new(manifest: Manifest, live: Manifest | None) -> bool:
    """Whether the pods would be other ones. A template that was edited by hand isn't new, and is repaired at once."""
    if live is None:
        return True
    given = annotations_of(live).get(TEMPLATE_ANNOTATION)
    return bool(manifest["metadata"]["annotations"][TEMPLATE_ANNOTATION] != given)
