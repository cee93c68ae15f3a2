"""What keeps enough pods serving: budgets for drained nodes, and the autoscaler."""

from __future__ import annotations

from bitcoincache_api.crd.autoscaling import Autoscaling
from bitcoincache_api.names import Component
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import BITCOINCACHE, HORIZONTAL_POD_AUTOSCALER, POD_DISRUPTION_BUDGET, Manifest


def of_backend(stack: Stack) -> list[Manifest]:
    """The backend's budget and autoscaler, where they are called for."""
    autoscaling = stack.spec.backend.autoscaling
    # By the most that there may be: a budget that came and went with the load would be of no use.
    most = autoscaling.max_replicas if autoscaling else stack.spec.replicas
    budgets = _budgets(stack, Component.BACKEND, stack.names.backend, most)
    return [*budgets, _autoscaler(stack, autoscaling)] if autoscaling else budgets


def of_frontend(stack: Stack) -> list[Manifest]:
    """The page's budget, where it is called for."""
    return _budgets(stack, Component.FRONTEND, stack.names.frontend, stack.spec.frontend.replicas)


def _budgets(stack: Stack, component: Component, name: str, most_pods: int) -> list[Manifest]:
    """One pod at a time may be evicted. None where one pod is all there is: it would protect nothing."""
    if most_pods < 2:
        return []
    out = stack.manifest(POD_DISRUPTION_BUDGET, name, component)
    out["spec"] = {
        "maxUnavailable": 1,
        "selector": {"matchLabels": stack.names.selector(component)},
        # A pod that serves nobody must not hold up the drain of its node.
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
    return [out]


def _autoscaler(stack: Stack, wanted: Autoscaling) -> Manifest:
    """It scales the resource, not the Deployment: spec.replicas stays the one place that says how many there are."""
    out = stack.manifest(HORIZONTAL_POD_AUTOSCALER, stack.names.backend, Component.BACKEND)
    out["spec"] = {
        "scaleTargetRef": {
            "apiVersion": BITCOINCACHE.api_version,
            "kind": BITCOINCACHE.kind,
            "name": stack.names.name,
        },
        "minReplicas": wanted.min_replicas,
        "maxReplicas": wanted.max_replicas,
        "metrics": [
            {
                "type": "Resource",
                "resource": {
                    "name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": wanted.target_cpu_utilization},
                },
            }
        ],
    }
    return out
