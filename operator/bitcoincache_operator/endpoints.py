"""Where a Service is reached. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bitcoincache_api.crd.services import ServiceType
from bitcoincache_operator.kinds import Manifest


def needs_nodes(service: Manifest | None) -> bool:
    """Whether an address of a node is needed to say where the Service is reached."""
    return service is not None and not _ingress(service) and bool(_port(service).get("nodePort"))


def url(service: Manifest | None, nodes: Iterable[Manifest]) -> str | None:
    """By its load balancer, else by a node's port, else by its name in the cluster. None where there is no Service."""
    if service is None:
        return None
    port = _port(service)
    ingress = _ingress(service)
    if ingress:
        return _http(ingress[0].get("ip") or ingress[0]["hostname"], port["port"])
    address = next(filter(None, map(_address, sorted(nodes, key=_name))), None)
    if port.get("nodePort") and address and service["spec"]["type"] != ServiceType.CLUSTER_IP:
        return _http(address, port["nodePort"])
    metadata = service["metadata"]
    return _http(f"{metadata['name']}.{metadata['namespace']}.svc", port["port"])


def _http(host: str, port: int) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    return f"http://{bracketed}" if port == 80 else f"http://{bracketed}:{port}"


def _port(service: Mapping[str, Any]) -> Manifest:
    return dict(service["spec"]["ports"][0])


def _ingress(service: Mapping[str, Any]) -> list[Manifest]:
    return list((service.get("status", {}).get("loadBalancer") or {}).get("ingress") or ())


def _name(node: Mapping[str, Any]) -> str:
    return str(node["metadata"]["name"])


def _address(node: Mapping[str, Any]) -> str | None:
    addresses = {item["type"]: item["address"] for item in node.get("status", {}).get("addresses") or ()}
    return addresses.get("ExternalIP") or addresses.get("InternalIP")
