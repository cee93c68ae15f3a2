from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bitcoincache_api.crd.spec import BitcoinCacheSpec, DeletionPolicy

INVALID: list[tuple[dict[str, Any], str]] = [
    ({"replicas": -1}, "replicas"),
    ({"replicas": "2"}, "replicas"),
    ({"deletionPolicy": "Keep"}, "deletionPolicy"),
    ({"cache": {"ttl": "25h"}}, "ttl"),
    ({"cache": {"ttl": "0s"}}, "ttl"),
    ({"cache": {"warming": {"schedule": "often"}}}, "schedule"),
    ({"cache": {"controls": "yes"}}, "controls"),
    ({"backend": {"image": "not an image"}}, "image"),
    ({"backend": {"resources": {"requests": {"cpu": 2}}}}, "requests.cpu is above limits.cpu"),
    ({"backend": {"autoscaling": {"minReplicas": 6}}}, "minReplicas is above maxReplicas"),
    ({"backend": {"autoscaling": {"targetCPUUtilization": 0}}}, "targetCPUUtilization"),
    ({"backend": {"autoscaling": {}, "resources": {"requests": {"cpu": 0}}}}, "set it above zero"),
    ({"networkPolicy": {"metricsFrom": {"not a label": "x"}}}, "labels of namespaces"),
    ({"networkPolicy": {"metricsFrom": {"team": "not a label"}}}, "metricsFrom"),
    ({"imagePullSecrets": ["Login"]}, "imagePullSecrets"),
    ({"imagePullSecrets": ["login", "login"]}, "names a Secret twice"),
    ({"frontend": {"service": {"type": "ClusterIP", "nodePort": 30080}}}, "nodePort needs type"),
    ({"frontend": {"service": {"loadBalancerSourceRanges": ["10.0.0.0"]}}}, "address range"),
    ({"postgres": {"database": "template1"}}, "template0 and template1"),
    ({"postgres": {"parameters": {"port": "1"}}}, "the operator sets these"),
    ({"postgres": {"parameters": {"Max Connections": "1"}}}, "named like"),
    ({"postgres": {"storage": {"size": "0"}}}, "above zero"),
    ({"postgres": {"storage": {"path": "/a/../b"}}}, "path"),
    ({"postgres": {"storage": {"path": "/data", "storageClassName": "fast"}}}, "remove path"),
    ({"redis": {"maxMemory": "1Gi"}}, "maxMemory"),
]


def test_an_empty_spec_is_the_whole_stack() -> None:
    spec = BitcoinCacheSpec.model_validate({})
    assert spec.replicas == 2
    assert spec.deletion_policy is DeletionPolicy.RETAIN
    assert spec.redis_insight.enabled
    assert not spec.cache.controls
    assert spec.postgres.storage.size == "5Gi"
    assert spec.redis_insight.service.load_balancer_source_ranges


@pytest.mark.parametrize(("spec", "told"), INVALID)
def test_what_makes_no_sense_is_refused_with_a_reason(spec: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        BitcoinCacheSpec.model_validate(spec)
    assert told in str(refusal.value)


def test_whole_numbers_are_quantities() -> None:
    spec = BitcoinCacheSpec.model_validate({"backend": {"resources": {"limits": {"cpu": 2}}}})
    assert spec.backend.resources.limits.cpu == "2"


def test_part_of_the_resources_keeps_the_other_defaults() -> None:
    spec = BitcoinCacheSpec.model_validate({"backend": {"resources": {"limits": {"memory": "1Gi"}}}})
    assert spec.backend.resources.limits.cpu == "500m"
    assert spec.backend.resources.requests.memory == "256Mi"
