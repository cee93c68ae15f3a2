"""What makes no sense never gets in: the API server refuses it and says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.conftest import Stack
from support.kubectl import KubectlError, Manifest

INVALID: list[tuple[dict[str, Any], str]] = [
    ({"replicas": -1}, "greater than or equal to 0"),
    ({"replicas": "two"}, "integer"),
    ({"deletionPolicy": "Keep"}, 'supported values: "Retain", "Delete"'),
    ({"cache": {"ttl": "25h"}}, "must be between 1s and 24h"),
    ({"cache": {"warming": {"schedule": "often"}}}, "schedule"),
    ({"backend": {"resources": {"requests": {"cpu": "2"}}}}, "lower the request or raise the limit"),
    ({"backend": {"logLevel": "LOUD"}}, "supported values"),
    ({"frontend": {"service": {"type": "ClusterIP", "nodePort": 30080}}}, "change the type or remove nodePort"),
    ({"frontend": {"service": {"loadBalancerSourceRanges": ["anyone"]}}}, "write an address range such as 10.0.0.0/8"),
    ({"frontend": {"pollInterval": "1ms"}}, "pollInterval"),
    ({"postgres": {"database": "template0"}}, "choose another database name"),
    ({"postgres": {"parameters": {"data_directory": "/"}}}, "the operator sets these parameters itself"),
    ({"postgres": {"storage": {"size": "0"}}}, "size must be above zero"),
    (
        {"postgres": {"storage": {"path": "/data", "storageClassName": "fast"}}},
        "use storageClassName manual or remove path",
    ),
    ({"redis": {"maxMemory": "1Ti"}}, "maxMemory must be between"),
]

IMMUTABLE: list[tuple[dict[str, Any], str]] = [
    ({"database": "other"}, "database can't change"),
    ({"storage": {"size": "1Gi"}}, "storage can't shrink"),
    ({"storage": {"storageClassName": "other"}}, "storageClassName can't change"),
]


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


@pytest.mark.parametrize("name", ["1st", "with.dot", "a" * 41])
def test_a_name_that_would_not_fit_its_children_is_refused(stack: Stack, name: str) -> None:
    with pytest.raises(KubectlError) as refusal:
        stack.kubectl.apply(resource(name, {}))
    assert "metadata.name must" in str(refusal.value)


@pytest.mark.parametrize(("postgres", "told"), IMMUTABLE)
def test_what_would_lose_data_is_refused(stack: Stack, postgres: dict[str, Any], told: str) -> None:
    stack.kubectl.apply(resource("frozen", {"paused": True}))
    with pytest.raises(KubectlError) as refusal:
        stack.kubectl.apply(resource("frozen", {"paused": True, "postgres": postgres}))
    assert told in str(refusal.value)
