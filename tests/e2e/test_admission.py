"""What makes no sense never gets in: the API server refuses it and says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.conftest import Stack
from support.kubectl import KubectlError, Manifest

INVALID: list[tuple[dict[str, Any], str]] = [
    ({"replicas": "two"}, "integer"),
    ({"cache": {"ttl": "25h"}}, "must be between 1s and 24h"),
    ({"backend": {"resources": {"requests": {"cpu": "2"}}}}, "lower the request or raise the limit"),
    ({"postgres": {"parameters": {"data_directory": "/"}}}, "the operator sets these parameters itself"),
]
"""A few, as kubectl tells them: tests/integration has one for each rule."""


def resource(name: str, spec: dict[str, Any]) -> Manifest:
    return {
        "apiVersion": "bitcoincache.dev/v1alpha1",
        "kind": "BitcoinCache",
        "metadata": {"name": name},
        "spec": spec,
    }


@pytest.mark.parametrize(("spec", "told"), INVALID)
def test_an_invalid_resource_is_refused_with_advice(stack: Stack, spec: dict[str, Any], told: str) -> None:
    with pytest.raises(KubectlError) as refusal:
        stack.kubectl.apply(resource("demo", spec))
    assert told in str(refusal.value)


def test_a_name_that_would_not_fit_its_children_is_refused(stack: Stack) -> None:
    with pytest.raises(KubectlError) as refusal:
        stack.kubectl.apply(resource("a" * 41, {}))
    assert "metadata.name must" in str(refusal.value)


def test_what_would_lose_data_is_refused(stack: Stack) -> None:
    stack.kubectl.apply(resource("frozen", {"paused": True}))
    with pytest.raises(KubectlError) as refusal:
        stack.kubectl.apply(resource("frozen", {"paused": True, "postgres": {"storage": {"size": "1Gi"}}}))
    assert "storage can't shrink" in str(refusal.value)
