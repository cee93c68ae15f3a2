"""What makes no sense never gets in: the API server refuses it, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.apiserver import ApiServer
from support.kubernetes import ApiError, Kubernetes, Object

CRD = Path(__file__).parents[3] / "crds/bitcoincaches.bitcoincache.dev.yaml"
QUANTITY = "should match '^[0-9]{1,12}"
MANY = {f"name{number}": "" for number in range(65)}

INVALID: list[tuple[str, Any, str]] = [
    ("replicas", "two", "must be of type integer"),
    ("replicas", 2.5, "must be of type integer"),
    ("replicas", -1, "should be greater than or equal to 0"),
    ("replicas", 101, "should be less than or equal to 100"),
    ("paused", "yes", "must be of type boolean"),
    ("deletionPolicy", "Keep", 'supported values: "Retain", "Delete"'),
    ("cache", "fast", "must be of type object"),
    ("cache.ttl", 3600, "must be of type string"),
    ("cache.ttl", "an hour", "should match '^([0-9]{1,6}(h|m|s)){1,3}$'"),
    ("cache.ttl", "0s", "must be between 1s and 24h, such as 1h30m or 5s"),
    ("cache.ttl", "25h", "must be between 1s and 24h, such as 1h30m or 5s"),
    ("cache.ttl", "1h" * 11, "may not be more than 21 bytes"),
    ("cache.warming", {}, "schedule: Required value"),
    ("cache.warming.schedule", 5, "must be of type string"),
    ("cache.warming.schedule", "often", "should match '^(@(yearly|"),
    ("cache.warming.schedule", f"{'0,' * 50}0 * * * *", "may not be more than 100 bytes"),
    ("cache.controls", "true", "must be of type boolean"),
    ("backend.image", 7, "must be of type string"),
    ("backend.image", "", "should be at least 1 chars long"),
    ("backend.image", "no spaces", "should match '^[A-Za-z0-9][A-Za-z0-9._:/@-]*$'"),
    ("backend.image", "a" * 513, "may not be more than 512 bytes"),
    ("backend.logLevel", "LOUD", 'supported values: "DEBUG", "INFO", "WARNING", "ERROR"'),
    ("backend.autoscaling", True, "must be of type object"),
    ("backend.autoscaling.minReplicas", 0, "should be greater than or equal to 1"),
    ("backend.autoscaling.minReplicas", 101, "should be less than or equal to 100"),
    ("backend.autoscaling.maxReplicas", 0, "should be greater than or equal to 1"),
    ("backend.autoscaling.maxReplicas", 101, "should be less than or equal to 100"),
    ("backend.autoscaling.minReplicas", 6, "minReplicas is above maxReplicas: lower minReplicas or raise maxReplicas"),
    ("backend.autoscaling.targetCPUUtilization", "75%", "must be of type integer"),
    ("backend.autoscaling.targetCPUUtilization", 0, "should be greater than or equal to 1"),
    ("backend.autoscaling.targetCPUUtilization", 1001, "should be less than or equal to 1000"),
    (
        "backend",
        {"autoscaling": {}, "resources": {"requests": {"cpu": "0"}}},
        "autoscaling measures by resources.requests.cpu: set it above zero or remove autoscaling",
    ),
    ("backend.resources.requests.cpu", True, "must be of type integer,string"),
    ("backend.resources.requests.cpu", "1e3", QUANTITY),
    ("backend.resources.requests.cpu", -1, "should be greater than or equal to 0"),
    ("backend.resources.requests.cpu", 10**12, "should be less than or equal to 999999999999"),
    ("backend.resources.requests.cpu", "1" * 21, "may not be more than 20 bytes"),
    ("backend.resources.requests.cpu", "2", "requests.cpu is above limits.cpu: lower the request or raise the limit"),
    ("backend.resources.requests.memory", 1.5, "must be of type integer,string"),
    ("backend.resources.requests.memory", "256 MB", QUANTITY),
    ("backend.resources.requests.memory", -1, "should be greater than or equal to 0"),
    ("backend.resources.requests.memory", 10**12, "should be less than or equal to 999999999999"),
    ("backend.resources.requests.memory", "1" * 21, "may not be more than 20 bytes"),
    ("redis.resources.limits.memory", "1Mi", "requests.memory is above limits.memory: lower the request or raise the"),
    ("frontend.replicas", -1, "should be greater than or equal to 0"),
    ("frontend.replicas", 101, "should be less than or equal to 100"),
    ("frontend.pollInterval", 5, "must be of type string"),
    ("frontend.pollInterval", "soon", "should match '^([0-9]{1,6}(h|m|s)){1,3}$'"),
    ("frontend.pollInterval", "2h", "must be between 1s and 1h, such as 1h30m or 5s"),
    ("frontend.pollInterval", "1s" * 11, "may not be more than 21 bytes"),
    ("frontend.service.type", "Ingress", 'supported values: "ClusterIP", "NodePort", "LoadBalancer"'),
    ("frontend.service.port", "http", "must be of type integer"),
    ("frontend.service.port", 0, "should be greater than or equal to 1"),
    ("frontend.service.port", 65536, "should be less than or equal to 65535"),
    ("frontend.service.nodePort", "30080", "must be of type integer"),
    ("frontend.service.nodePort", 80, "should be greater than or equal to 30000"),
    ("frontend.service.nodePort", 40000, "should be less than or equal to 32767"),
    (
        "frontend.service",
        {"type": "ClusterIP", "nodePort": 30080},
        "nodePort needs type NodePort or LoadBalancer: change the type or remove nodePort",
    ),
    ("frontend.service.annotations", ["a"], "must be of type object"),
    ("frontend.service.annotations", MANY, "must have at most 32 items"),
    ("frontend.service.annotations.name", 1, "must be of type string"),
    ("frontend.service.annotations.name", "a" * 1025, "may not be more than 1024 bytes"),
    ("frontend.service.annotations", {"not a name": ""}, "annotations must be named like example.com/name or name"),
    (
        "frontend.service.annotations",
        {"bitcoincache.dev/applied": ""},
        "annotations of bitcoincache.dev are the operator's own: remove them",
    ),
    ("frontend.service.loadBalancerSourceRanges", "10.0.0.0/8", "must be of type array"),
    ("frontend.service.loadBalancerSourceRanges", ["10.0.0.0/8"] * 65, "must have at most 64 items"),
    ("frontend.service.loadBalancerSourceRanges", [10], "must be of type string"),
    ("frontend.service.loadBalancerSourceRanges", ["0" * 44], "may not be more than 43 bytes"),
    ("frontend.service.loadBalancerSourceRanges", ["anyone"], "write an address range such as 10.0.0.0/8"),
    ("postgres.database", 5, "must be of type string"),
    ("postgres.database", "Bit-Coin", "should match '^[a-z_][a-z0-9_]*$'"),
    ("postgres.database", "a" * 64, "may not be more than 63 bytes"),
    ("postgres.database", "template0", "PostgreSQL keeps template0 and template1 for itself: choose another"),
    ("postgres.parameters", "fast", "must be of type object"),
    ("postgres.parameters", MANY, "must have at most 64 items"),
    ("postgres.parameters.work_mem", 4, "must be of type string"),
    ("postgres.parameters.work_mem", "4MB\nport = 1", r"should match '^[^\x00-\x1f]*$'"),
    ("postgres.parameters.work_mem", "4" * 257, "may not be more than 256 bytes"),
    ("postgres.parameters", {"Work Mem": "4MB"}, "parameters must be named like PostgreSQL's settings"),
    ("postgres.parameters", {"data_directory": "/"}, "the operator sets these parameters itself, remove them"),
    ("postgres.storage.size", ["5Gi"], "must be of type integer,string"),
    ("postgres.storage.size", "5 GB", QUANTITY),
    ("postgres.storage.size", -1, "should be greater than or equal to 0"),
    ("postgres.storage.size", 10**12, "should be less than or equal to 999999999999"),
    ("postgres.storage.size", "5" * 21, "may not be more than 20 bytes"),
    ("postgres.storage.size", "0", "size must be above zero, such as 5Gi"),
    ("postgres.storage.storageClassName", 1, "must be of type string"),
    ("postgres.storage.storageClassName", "Fast", "should match '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'"),
    ("postgres.storage.storageClassName", "a" * 254, "may not be more than 253 bytes"),
    ("postgres.storage.path", 1, "must be of type string"),
    ("postgres.storage.path", "../etc", "should match '^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$'"),
    ("postgres.storage.path", f"/{'a' * 253}", "may not be more than 253 bytes"),
    (
        "postgres.storage",
        {"path": "/data", "storageClassName": "fast"},
        "path is for volumes that the operator makes: use storageClassName manual or remove path",
    ),
    ("redis.maxMemory", {}, "must be of type integer,string"),
    ("redis.maxMemory", "lots", QUANTITY),
    ("redis.maxMemory", -1, "should be greater than or equal to 0"),
    ("redis.maxMemory", 10**12, "should be less than or equal to 999999999999"),
    ("redis.maxMemory", "1" * 21, "may not be more than 20 bytes"),
    ("redis.maxMemory", "1Ki", "maxMemory must be between 1Mi and resources.limits.memory"),
    ("redis.maxMemory", "1Ti", "maxMemory must be between 1Mi and resources.limits.memory"),
    ("redisInsight.enabled", 1, "must be of type boolean"),
    ("networkPolicy.enabled", "yes", "must be of type boolean"),
    ("networkPolicy.metricsFrom", "monitoring", "must be of type object"),
    ("networkPolicy.metricsFrom", MANY, "must have at most 16 items"),
    ("networkPolicy.metricsFrom.team", 7, "must be of type string"),
    ("networkPolicy.metricsFrom.team", "a" * 64, "may not be more than 63 bytes"),
    ("networkPolicy.metricsFrom.team", "our own", "should match '^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$'"),
    (
        "networkPolicy.metricsFrom",
        {"no label": ""},
        "metricsFrom must hold labels of namespaces, such as kubernetes.io",
    ),
    ("imagePullSecrets", "registry", "must be of type array"),
    ("imagePullSecrets", [f"registry{number}" for number in range(17)], "must have at most 16 items"),
    ("imagePullSecrets", [{"name": "registry"}], "must be of type string"),
    ("imagePullSecrets", ["a" * 254], "may not be more than 253 bytes"),
    ("imagePullSecrets", ["The Registry"], "should match '^[a-z0-9]([a-z0-9-]*[a-z0-9])?("),
    ("imagePullSecrets", ["registry", "registry"], "imagePullSecrets names a Secret twice: remove one of the two"),
]
"""A field, a value that it can't have, and what is said about it."""

FROZEN: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"database": "other"}, "database can't change: make a new resource and copy the data"),
    ({"storage": {"size": "2Gi"}}, {"storage": {"size": "1Gi"}}, "storage can't shrink: keep or raise size"),
    ({}, {"storage": {"storageClassName": "other"}}, "storageClassName can't change: make a new resource and copy"),
    ({"storage": {"storageClassName": "one"}}, {"storage": {"storageClassName": None}}, "storageClassName can't"),
    ({"storage": {"path": "/one"}}, {"storage": {"path": "/two"}}, "path can't change, the data would be lost"),
    ({"storage": {"path": "/one"}}, {"storage": {"path": None}}, "path can't change, the data would be lost"),
]
"""What PostgreSQL is made with, a change of it, and what is said about that."""

NAMES: list[tuple[str, str]] = [
    ("1st", "metadata.name must start with a letter and hold lower-case letters, digits and dashes only"),
    ("with.dot", "metadata.name must start with a letter and hold lower-case letters, digits and dashes only"),
    ("a" * 41, "metadata.name must have at most 40 characters: its children add to it"),
]


def resource(name: str, spec: dict[str, Any]) -> Object:
    head = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": {"name": name}}
    return {**head, "spec": spec}


def at(path: str, value: Any) -> Any:
    """The value with the objects around it."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


@pytest.mark.parametrize(("path", "value", "told"), INVALID, ids=lambda part: str(part)[:40])
def test_an_invalid_resource_is_refused_with_advice(api: Kubernetes, path: str, value: Any, told: str) -> None:
    refusal = api.refusal("bitcoincaches", resource("demo", at(path, value)))
    assert told in refusal
    assert path.partition(".")[0] in refusal


@pytest.mark.parametrize(("name", "told"), NAMES)
def test_a_name_that_would_not_fit_its_children_is_refused(api: Kubernetes, name: str, told: str) -> None:
    assert told in api.refusal("bitcoincaches", resource(name, {}))


@pytest.mark.parametrize(("before", "change", "told"), FROZEN)
def test_what_would_lose_data_is_refused(
    api: Kubernetes, before: dict[str, Any], change: dict[str, Any], told: str
) -> None:
    api.create("bitcoincaches", resource("frozen", {"paused": True, "postgres": before}))
    with pytest.raises(ApiError) as refusal:
        api.patch("bitcoincaches", "frozen", {"spec": {"postgres": change}})
    assert told in str(refusal.value)


def test_every_constraint_and_every_rule_has_its_example() -> None:
    schema = yaml.safe_load(CRD.read_text("utf-8"))["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    said = [told for *_, told in INVALID] + [told for *_, told in FROZEN] + [told for _, told in NAMES]
    for name, text in constraints("spec", schema["properties"]["spec"]):
        shown = (told for path, _, told in INVALID if name in path.split("."))
        assert any(told in text for told in shown), f"no example for {name}: {text}"
    for message in messages(schema):
        assert any(message.startswith(told) for told in said), f"no example for the rule: {message}"


def constraints(name: str, field: Object) -> Iterator[tuple[str, str]]:
    """Field names, and what the API server says where a single value breaks their schema. What is in a list or map
    goes by the name of that."""
    texts = {
        "minimum": "should be greater than or equal to {}",
        "maximum": "should be less than or equal to {}",
        "pattern": "should match '{}'",
        "minLength": "should be at least {} chars long",
        "maxLength": "may not be more than {} bytes",
        "maxItems": "must have at most {} items",
        "maxProperties": "must have at most {} items",
    }
    for keyword, text in texts.items():
        if keyword in field:
            yield name, text.format(field[keyword])
    if "enum" in field:
        yield name, "supported values: " + ", ".join(f'"{value}"' for value in field["enum"])
    for required in field.get("required", ()):
        yield name, f"{required}: Required value"
    for child, schema in field.get("properties", {}).items():
        yield from constraints(child, schema)
    for inner in ("items", "additionalProperties"):
        if inner in field:
            yield from constraints(name, field[inner])


def messages(schema: Object) -> Iterator[str]:
    """Those of all CEL rules."""
    for rule in schema.get("x-kubernetes-validations", ()):
        yield rule["message"]
    for child in (*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")):
        if child:
            yield from messages(child)


def test_an_empty_spec_is_a_whole_one(api: Kubernetes) -> None:
    spec = api.create("bitcoincaches", resource("whole", {"paused": True}))["spec"]
    assert spec["backend"]["resources"]["requests"] == {"cpu": "200m", "memory": "256Mi"}
    assert spec["postgres"]["storage"]["size"] == "5Gi"
    assert spec["redisInsight"]["service"]["loadBalancerSourceRanges"]


def test_scale_is_a_subresource(api: Kubernetes, cluster: ApiServer) -> None:
    api.create("bitcoincaches", resource("scaled", {"paused": True}))
    api.patch("bitcoincaches", "scaled", {"spec": {"replicas": 4}}, "scale")
    assert api.get("bitcoincaches", "scaled")["spec"]["replicas"] == 4
