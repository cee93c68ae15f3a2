"""Models -> CustomResourceDefinition. ``python -m bitcoincache_api.crd.schema`` prints it as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from bitcoincache_api import names
from bitcoincache_api.crd.rules import Rule, SpecModel
from bitcoincache_api.crd.spec import BitcoinCacheSpec
from bitcoincache_api.crd.status import BitcoinCacheStatus

_DROPPED: Final = frozenset({"title", "$defs", "additionalProperties", "const"})

_SIZE: Final = "quantity(string(self.spec.postgres.storage.size))"

_ROOT_RULES: Final = (
    Rule(
        # A size that was raised in vain, for the class can't grow volumes, may be set back to what the volume has.
        cel=f"{_SIZE}.compareTo(quantity(string(oldSelf.spec.postgres.storage.size))) >= 0 || "
        f"has(self.status) && has(self.status.storage) && {_SIZE}.compareTo(quantity(self.status.storage)) >= 0",
        message="storage can't shrink: keep or raise size, or make a new resource and copy the data",
    ),
    Rule(
        cel=f"self.metadata.name.size() <= {names.MAX_RESOURCE_NAME}",
        message=f"metadata.name must have at most {names.MAX_RESOURCE_NAME} characters: its children add to it",
    ),
    Rule(
        cel="self.metadata.name.matches('^[a-z]([a-z0-9-]*[a-z0-9])?$')",
        message="metadata.name must start with a letter and hold lower-case letters, digits and dashes only",
    ),
)

_CONDITION: Final = '.status.conditions[?(@.type=="Ready")]'
_COLUMNS: Final = (
    ("Ready", "string", f"{_CONDITION}.status", 0),
    ("Reason", "string", f"{_CONDITION}.reason", 0),
    ("Replicas", "integer", ".status.replicas", 0),
    ("Primed", "integer", ".status.priming.keys", 0),
    ("Postgres", "string", ".status.components.postgres.ready", 1),
    ("Redis", "string", ".status.components.redis.ready", 1),
    ("Frontend URL", "string", ".status.endpoints.frontend", 1),
    ("Age", "date", ".metadata.creationTimestamp", 0),
)


def structural_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The model as a structural schema: references inlined, optional instead of nullable, defaults at every level."""
    generated = model.model_json_schema(by_alias=True)
    schema = _structural(generated, generated.get("$defs", {}))
    _add_rules(schema, model)
    return schema


def _structural(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        target = definitions[node["$ref"].rsplit("/", 1)[-1]]
        return _structural({**target, **{key: value for key, value in node.items() if key != "$ref"}}, definitions)
    if "anyOf" in node and "x-kubernetes-int-or-string" not in node:
        [present] = [option for option in node["anyOf"] if option != {"type": "null"}]
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
        return _structural({**present, **rest}, definitions)
    out = {key: value for key, value in node.items() if key not in _DROPPED}
    if isinstance(node.get("additionalProperties"), Mapping):
        out["additionalProperties"] = _structural(node["additionalProperties"], definitions)
    if "items" in out:
        out["items"] = _structural(out["items"], definitions)
    if "properties" in out:
        out["properties"] = {key: _structural(value, definitions) for key, value in out["properties"].items()}
    return out


def _add_rules(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Adds each model's rules, and nested models' defaults: whole, for the API server holds the rules against them."""
    if issubclass(model, SpecModel) and model.rules:
        schema["x-kubernetes-validations"] = [rule.as_validation() for rule in model.rules]
    for name, field in model.model_fields.items():
        alias = field.alias or name
        nested = _nested_model(field.annotation)
        if nested is not None:
            _add_rules(schema["properties"][alias], nested)
        factory: Any = field.default_factory
        if factory is not None:
            default = factory()
            whole = isinstance(default, BaseModel)
            schema["properties"][alias]["default"] = (
                default.model_dump(mode="json", by_alias=True, exclude_none=True) if whole else default
            )


def _nested_model(annotation: Any) -> type[BaseModel] | None:
    candidates = getattr(annotation, "__args__", (annotation,))
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, SpecModel):
            return candidate
    return None


def custom_resource_definition() -> dict[str, Any]:
    """The whole CustomResourceDefinition, ready to be applied."""
    status = structural_schema(BitcoinCacheStatus)
    status["default"] = {"observedGeneration": -1}
    spec = structural_schema(BitcoinCacheSpec)
    spec["default"] = {}
    schema = {
        "type": "object",
        "description": "A cache stack: PostgreSQL, Redis, RedisInsight, an API and a page",
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": spec,
            "status": status,
        },
        "x-kubernetes-validations": [rule.as_validation() for rule in _ROOT_RULES],
    }
    version = {
        "name": names.VERSION,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {
            "status": {},
            "scale": {
                "specReplicasPath": ".spec.replicas",
                "statusReplicasPath": ".status.replicas",
                "labelSelectorPath": ".status.selector",
            },
        },
        "additionalPrinterColumns": [
            {"name": name, "type": kind, "jsonPath": path, "priority": priority}
            for name, kind, path, priority in _COLUMNS
        ],
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{names.PLURAL}.{names.GROUP}"},
        "spec": {
            "group": names.GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": names.KIND,
                "listKind": f"{names.KIND}List",
                "plural": names.PLURAL,
                "singular": names.KIND.lower(),
                "shortNames": ["btcc"],
                "categories": ["all"],
            },
            "versions": [version],
        },
    }


if __name__ == "__main__":
    json.dump(custom_resource_definition(), sys.stdout, indent=2)
