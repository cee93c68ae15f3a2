"""How many backend pods there are, where load decides it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bitcoincache_api.crd.fields import WholeNumber
from bitcoincache_api.crd.rules import Rule, SpecModel


class Autoscaling(SpecModel):
    """A HorizontalPodAutoscaler, which changes spec.replicas through the resource's scale subresource."""

    min_replicas: WholeNumber = Field(2, strict=True, ge=1, le=100, description="Fewest backend pods")
    max_replicas: WholeNumber = Field(5, strict=True, ge=1, le=100, description="Most backend pods")
    target_cpu_utilization: WholeNumber = Field(
        75,
        alias="targetCPUUtilization",
        strict=True,
        ge=1,
        le=1000,
        description="Percent of the CPU that backend.resources.requests asks for, on average over the pods: above it "
        "pods are added, below it they are taken away",
    )
    rules: ClassVar = (
        Rule(
            cel="self.minReplicas <= self.maxReplicas",
            message="minReplicas is above maxReplicas: lower minReplicas or raise maxReplicas",
            holds=lambda autoscaling: autoscaling.min_replicas <= autoscaling.max_replicas,
        ),
    )
