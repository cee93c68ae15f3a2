"""Compute resources of a container."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bitcoincache_api.crd.fields import Quantity
from bitcoincache_api.crd.rules import Rule, SpecModel
from bitcoincache_api.quantities import parse_quantity


class Requests(SpecModel):
    """What a container is guaranteed."""

    cpu: Quantity = Field("200m", description="Cores, such as 200m or 1")
    memory: Quantity = Field("256Mi", description="Bytes, such as 256Mi")


class Limits(SpecModel):
    """What a container may use at most."""

    cpu: Quantity = Field("500m", description="Cores, such as 500m or 2")
    memory: Quantity = Field("512Mi", description="Bytes, such as 512Mi")


def _within(amount: str) -> Rule:
    return Rule(
        cel=f"quantity(string(self.requests.{amount})).compareTo(quantity(string(self.limits.{amount}))) <= 0",
        message=f"requests.{amount} is above limits.{amount}: lower the request or raise the limit",
        holds=lambda resources: (
            parse_quantity(getattr(resources.requests, amount)) <= parse_quantity(getattr(resources.limits, amount))
        ),
    )


class Resources(SpecModel):
    """Compute resources of a component's container."""

    requests: Requests = Field(default_factory=Requests, description="What the container is guaranteed")
    limits: Limits = Field(default_factory=Limits, description="What the container may use at most")
    rules: ClassVar = (_within("cpu"), _within("memory"))
