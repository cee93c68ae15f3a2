"""What makes no sense never gets in: the API server refuses it, and says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from support.apiserver import ApiServer
from support.kubernetes import ApiError, Kubernetes, Object

INVALID: list[tuple[dict[str, Any], str]] = [
    ({"replicas": -1}, "greater than or equal to 0"),
    ({"replicas": 101}, "less than or equal to 100"),
    ({"deletionPolicy": "Keep"}, 'supported values: "Retain", "Delete"'),
    ({"cache": {"ttl": "25h"}}, "must be between 1s and 24h"),
    ({"cache": {"warming": {"schedule": "often"}}}, "schedule"),
    ({"backend": {"resources": {"requests": {"cpu": "2"}}}}, "lower the request or raise the limit"),
    ({"backend": {"logLevel": "LOUD"}}, "supported values"),
    ({"backend": {"image": "no spaces"}}, "spec.backend.image"),
    ({"backend": {"autoscaling": {"minReplicas": 6}}}, "lower minReplicas or raise maxReplicas"),
    ({"backend": {"autoscaling": {"maxReplicas": 101}}}, "less than or equal to 100"),
    ({"backend": {"autoscaling": {}, "resources": {"requests": {"cpu": "0"}}}}, "set it above zero or remove"),
    ({"frontend": {"service": {"type": "ClusterIP", "nodePort": 30080}}}, "change the type or remove nodePort"),
    ({"frontend": {"service": {"loadBalancerSourceRanges": ["anyone"]}}}, "such as 10.0.0.0/8"),
    ({"frontend": {"pollInterval": "1ms"}}, "pollInterval"),
    ({"postgres": {"database": "template0"}}, "choose another database name"),
    ({"postgres": {"parameters": {"data_directory": "/"}}}, "the operator sets these parameters itself"),
    ({"postgres": {"storage": {"size": "0"}}}, "size must be above zero"),
    ({"postgres": {"storage": {"path": "/data", "storageClassName": "fast"}}}, "remove path"),
    ({"postgres": {"storage": {"path": "../etc"}}}, "spec.postgres.storage.path"),
    ({"redis": {"maxMemory": "1Ti"}}, "maxMemory must be between"),
]

FROZEN: list[tuple[dict[str, Any], str]] = [
    ({"database": "other"}, "database can't change"),
    ({"storage": {"size": "1Gi"}}, "storage can't shrink"),
    ({"storage": {"storageClassName": "other"}}, "storageClassName can't change"),
]


def resource(name: str, spec: dict[str, Any]) -> Object:
    head = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": {"name": name}}
    return {**head, "spec": spec}


@pytest.mark.parametrize(("spec", "told"), INVALID)
def test_an_invalid_resource_is_refused_with_advice(api: Kubernetes, spec: dict[str, Any], told: str) -> None:
    with pytest.raises(ApiError) as refusal:
        api.create("bitcoincaches", resource("demo", spec))
    assert told in str(refusal.value)


@pytest.mark.parametrize("name", ["1st", "with.dot", "a" * 41])
def test_a_name_that_would_not_fit_its_children_is_refused(api: Kubernetes, name: str) -> None:
    with pytest.raises(ApiError, match=r"metadata\.name must"):
        api.create("bitcoincaches", resource(name, {}))


@pytest.mark.parametrize(("postgres", "told"), FROZEN)
def test_what_would_lose_data_is_refused(api: Kubernetes, postgres: dict[str, Any], told: str) -> None:
    api.create("bitcoincaches", resource("frozen", {"paused": True}))
    with pytest.raises(ApiError) as refusal:
        api.patch("bitcoincaches", "frozen", {"spec": {"postgres": postgres}})
    assert told in str(refusal.value)


def test_an_empty_spec_is_a_whole_one(api: Kubernetes) -> None:
    spec = api.create("bitcoincaches", resource("whole", {"paused": True}))["spec"]
    assert spec["backend"]["resources"]["requests"] == {"cpu": "200m", "memory": "256Mi"}
    assert spec["postgres"]["storage"]["size"] == "5Gi"
    assert spec["redisInsight"]["service"]["loadBalancerSourceRanges"]


def test_scale_is_a_subresource(api: Kubernetes, cluster: ApiServer) -> None:
    api.create("bitcoincaches", resource("scaled", {"paused": True}))
    api.patch("bitcoincaches", "scaled", {"spec": {"replicas": 4}}, "scale")
    assert api.get("bitcoincaches", "scaled")["spec"]["replicas"] == 4
