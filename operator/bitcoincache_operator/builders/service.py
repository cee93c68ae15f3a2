"""Services: two public ones, as the spec has them, and those that only the stack itself uses."""

from __future__ import annotations

from bitcoincache_api.crd.services import FrontendService, RedisInsightService, ServiceType
from bitcoincache_api.names import Component
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import SERVICE, Manifest


def internal_service(stack: Stack, component: Component, name: str, port_name: str, port: int) -> Manifest:
    """A ClusterIP Service. The container's port is found by ``port_name``."""
    out = stack.manifest(SERVICE, name, component)
    out["spec"] = {
        "type": ServiceType.CLUSTER_IP.value,
        "selector": stack.names.selector(component),
        "ports": [{"name": port_name, "port": port, "targetPort": port_name, "protocol": "TCP"}],
    }
    return out


def public_service(
    stack: Stack, component: Component, name: str, wanted: FrontendService | RedisInsightService
) -> Manifest:
    """A Service as its part of the spec says."""
    out = internal_service(stack, component, name, "http", wanted.port)
    if wanted.annotations:
        out["metadata"]["annotations"] = dict(wanted.annotations)
    out["spec"]["type"] = wanted.type.value
    if wanted.node_port is not None:
        out["spec"]["ports"][0]["nodePort"] = wanted.node_port
    # The API server takes source ranges of load balancers alone.
    if wanted.type is ServiceType.LOAD_BALANCER and wanted.load_balancer_source_ranges:
        out["spec"]["loadBalancerSourceRanges"] = list(wanted.load_balancer_source_ranges)
    return out
