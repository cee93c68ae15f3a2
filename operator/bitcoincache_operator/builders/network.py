"""NetworkPolicies: for each component the ways that the stack needs, and no other.

Each pod of the stack is selected for both directions, so what no policy allows is refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final

from bitcoincache_api.names import Component, Port
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import NETWORK_POLICY, Manifest

_WAYS: Final = (
    (Component.FRONTEND, Component.BACKEND),
    (Component.BACKEND, Component.POSTGRES),
    (Component.BACKEND, Component.REDIS),
    (Component.PRIME, Component.POSTGRES),
    (Component.PRIME, Component.REDIS),
    (Component.REDISINSIGHT, Component.REDIS),
)
"""From whom to whom. Whoever goes anywhere asks DNS for the way."""

_PORTS: Final = {
    Component.POSTGRES: Port.POSTGRES,
    Component.REDIS: Port.REDIS,
    Component.REDISINSIGHT: Port.REDISINSIGHT,
    Component.BACKEND: Port.BACKEND,
    Component.FRONTEND: Port.FRONTEND,
}
"""Where each listens. Priming listens nowhere."""

_DNS: Final[Manifest] = {
    "to": [
        # Also where CoreDNS serves: https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        },
        # Link-local: where a cache of the node answers in its place.
        {"ipBlock": {"cidr": "169.254.0.0/16"}},
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}


def policies(stack: Stack) -> list[Manifest]:
    """One for each component that there is; none where they are switched off."""
    if not stack.spec.network_policy.enabled:
        return []
    insight = stack.spec.redis_insight.enabled
    there = [each for each in (*_PORTS, Component.PRIME) if insight or each is not Component.REDISINSIGHT]
    return [_policy(stack, component, there) for component in there]


def _policy(stack: Stack, component: Component, there: list[Component]) -> Manifest:
    callers = [source for source, target in _WAYS if target is component and source in there]
    targets = [target for source, target in _WAYS if source is component]
    out = stack.manifest(NETWORK_POLICY, stack.names.network_policy(component), component)
    out["spec"] = {
        "podSelector": {"matchLabels": stack.names.selector(component)},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            *({"from": [_pods(stack, caller)], "ports": _port(component)} for caller in callers),
            *_doors(stack, component),
        ],
        "egress": [
            *({"to": [_pods(stack, target)], "ports": _port(target)} for target in targets),
            *([_DNS] if targets else []),
        ],
    }
    return out


def _doors(stack: Stack, component: Component) -> Iterator[Manifest]:
    """How others than the stack's own pods get in."""
    if component is Component.FRONTEND:
        yield {"ports": _port(component)}
    if component is Component.REDISINSIGHT:
        ranges = stack.spec.redis_insight.service.load_balancer_source_ranges
        yield {**({"from": [_addresses(cidr) for cidr in ranges]} if ranges else {}), "ports": _port(component)}
    if component is Component.BACKEND and stack.spec.network_policy.metrics_from:
        namespaces = {"matchLabels": dict(stack.spec.network_policy.metrics_from)}
        yield {"from": [{"namespaceSelector": namespaces}], "ports": _port(component)}


def _pods(stack: Stack, component: Component) -> Manifest:
    return {"podSelector": {"matchLabels": stack.names.selector(component)}}


def _addresses(cidr: str) -> Manifest:
    # Not every network takes a range that begins elsewhere than at its first address; a Service may have one.
    return {"ipBlock": {"cidr": str(ipaddress.ip_network(cidr, strict=False))}}


def _port(component: Component) -> list[Manifest]:
    return [{"protocol": "TCP", "port": _PORTS[component]}]
