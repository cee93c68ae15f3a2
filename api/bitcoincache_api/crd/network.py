"""Who may talk to the stack's pods."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints

from bitcoincache_api.crd.rules import Rule, SpecModel

_DNS_LABEL: Final = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_LABEL_KEY: Final = rf"^({_DNS_LABEL}([.]{_DNS_LABEL})*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?$"
_LABEL_VALUE: Final = r"^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$"
"""Both as in https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set."""


class NetworkPolicy(SpecModel):
    """Between the stack's pods, and from outside, only the ways that the stack needs are open."""

    enabled: bool = Field(
        True,
        strict=True,
        description="Whether NetworkPolicies close all other ways, in clusters whose network enforces them",
    )
    metrics_from: Annotated[
        dict[str, Annotated[str, StringConstraints(pattern=_LABEL_VALUE, max_length=63)]],
        Field(max_length=16),
    ] = Field(
        default_factory=dict,
        description="Labels of the namespaces that may scrape the backend's metrics, such as "
        "kubernetes.io/metadata.name: monitoring; no namespace if empty. The metrics share the API's port",
    )
    rules: ClassVar = (
        Rule(
            cel=f"self.metricsFrom.all(key, key.size() <= 253 && key.matches('{_LABEL_KEY}'))",
            message="metricsFrom must hold labels of namespaces, such as kubernetes.io/metadata.name: monitoring",
            holds=lambda policy: all(map(_is_label_key, policy.metrics_from)),
        ),
    )


def _is_label_key(key: str) -> bool:
    return len(key) <= 253 and re.fullmatch(_LABEL_KEY, key) is not None
