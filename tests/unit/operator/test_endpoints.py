"""Where the page is: by its load balancer, else by a node, else within the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from bitcoincache_operator.endpoints import needs_nodes, url
from bitcoincache_operator.kinds import Manifest
from support.worlds import node


def service(kind: str, port: int = 80, node_port: int | None = None, **ingress: str) -> Manifest:
    ports: dict[str, Any] = {"port": port, **({"nodePort": node_port} if node_port else {})}
    balancer = {"ingress": [ingress]} if ingress else {}
    metadata = {"name": "demo-frontend", "namespace": "ns"}
    return {"metadata": metadata, "spec": {"type": kind, "ports": [ports]}, "status": {"loadBalancer": balancer}}


@pytest.mark.parametrize(
    ("live", "found"),
    [
        (service("LoadBalancer", 80, 30080, ip="203.0.113.9"), "http://203.0.113.9"),
        (service("LoadBalancer", 81, 30080, hostname="lb.example.com"), "http://lb.example.com:81"),
        (service("LoadBalancer", 80, 30080, ip="2001:db8::1"), "http://[2001:db8::1]"),
        (service("LoadBalancer", 80, 30080), "http://192.0.2.7:30080"),
        (service("NodePort", 80, 30080), "http://192.0.2.7:30080"),
        (service("ClusterIP", 8000), "http://demo-frontend.ns.svc:8000"),
        (None, None),
    ],
)
def test_a_service_is_reached_by_what_leads_there(live: Manifest | None, found: str | None) -> None:
    assert url(live, [node("a")]) == found


def test_without_a_node_to_name_it_is_told_from_within() -> None:
    assert url(service("NodePort", 80, 30080), []) == "http://demo-frontend.ns.svc"


def test_nodes_are_asked_for_only_where_they_are_needed() -> None:
    assert needs_nodes(service("NodePort", 80, 30080))
    assert not needs_nodes(service("LoadBalancer", 80, 30080, ip="203.0.113.9"))
    assert not needs_nodes(service("ClusterIP"))
    assert not needs_nodes(None)
