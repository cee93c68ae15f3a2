"""How the two public components are reached."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints

from bitcoincache_api.crd.fields import Cidr, NodePort, WholeNumber
from bitcoincache_api.crd.rules import Rule, SpecModel
from bitcoincache_api.names import GROUP

PRIVATE_RANGES: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""RFC 1918."""


class ServiceType(StrEnum):
    """How a Service is reached."""

    CLUSTER_IP = "ClusterIP"
    NODE_PORT = "NodePort"
    LOAD_BALANCER = "LoadBalancer"


Ranges = Annotated[list[Cidr], Field(max_length=64)]
Annotations = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=1024)]],
    Field(max_length=32),
]

_ANNOTATION: Final = "^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"
"""A qualified name (Kubernetes documentation, "Annotations": "Syntax and character set")."""

_SERVICE_RULES: Final = (
    Rule(
        cel="!has(self.nodePort) || self.type != 'ClusterIP'",
        message="nodePort needs type NodePort or LoadBalancer: change the type or remove nodePort",
        holds=lambda service: service.node_port is None or service.type is not ServiceType.CLUSTER_IP,
    ),
    Rule(
        cel=f"self.annotations.all(name, name.matches('{_ANNOTATION}'))",
        message="annotations must be named like example.com/name or name: letters, digits, dashes, dots, underscores",
        holds=lambda service: all(re.fullmatch(_ANNOTATION, name) for name in service.annotations),
    ),
    Rule(
        cel=f"!self.annotations.exists(name, name.startsWith('{GROUP}/'))",
        message=f"annotations of {GROUP} are the operator's own: remove them",
        holds=lambda service: not any(name.startswith(f"{GROUP}/") for name in service.annotations),
    ),
)


class FrontendService(SpecModel):
    """How the page is reached."""

    type: ServiceType = Field(ServiceType.LOAD_BALANCER, description="ClusterIP, NodePort or LoadBalancer")
    port: WholeNumber = Field(80, strict=True, ge=1, le=65535, description="The Service's port")
    node_port: NodePort | None = Field(None, description="A fixed port on every node")
    annotations: Annotations = Field(default_factory=dict, description="Annotations for the Service, such as a cloud's")
    load_balancer_source_ranges: Ranges = Field(
        default_factory=list, description="Address ranges that a load balancer lets in; everyone if empty"
    )
    rules: ClassVar = _SERVICE_RULES


class RedisInsightService(SpecModel):
    """How RedisInsight is reached. It has no login, so only private addresses reach it unless told otherwise."""

    type: ServiceType = Field(ServiceType.LOAD_BALANCER, description="ClusterIP, NodePort or LoadBalancer")
    port: WholeNumber = Field(5540, strict=True, ge=1, le=65535, description="The Service's port")
    node_port: NodePort | None = Field(None, description="A fixed port on every node")
    annotations: Annotations = Field(default_factory=dict, description="Annotations for the Service, such as a cloud's")
    load_balancer_source_ranges: Ranges = Field(
        default_factory=lambda: list(PRIVATE_RANGES),
        description="Address ranges that a load balancer lets in; private ones by default, for it has no login",
    )
    rules: ClassVar = _SERVICE_RULES
