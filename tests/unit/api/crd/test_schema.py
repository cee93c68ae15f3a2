from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bitcoincache_api.crd.schema import custom_resource_definition
from bitcoincache_api.crd.spec import BitcoinCacheSpec

VERSION = custom_resource_definition()["spec"]["versions"][0]
SCHEMA = VERSION["schema"]["openAPIV3Schema"]
SPEC = SCHEMA["properties"]["spec"]


def fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in schema.get("properties", {}).items():
        yield f"{path}.{name}", field
        yield from fields(field, f"{path}.{name}")


def filled_in(schema: dict[str, Any], value: Any) -> Any:
    """Defaults as the API server sets them (apiextensions, "Defaulting")."""
    if not isinstance(value, dict):
        return value
    filled = dict(value)
    for name, field in schema.get("properties", {}).items():
        if name not in filled and "default" in field:
            filled[name] = field["default"]
        if name in filled:
            filled[name] = filled_in(field, filled[name])
    return filled


def test_every_field_is_described() -> None:
    undescribed = [path for part in ("spec", "status") for path, field in fields(SCHEMA["properties"][part])
                   if not field.get("description")]  # fmt: skip
    assert undescribed == []


def test_the_schema_holds_only_what_a_structural_schema_may() -> None:
    forbidden = {"$ref", "$defs", "title", "allOf", "oneOf", "const"}
    for path, field in fields(SCHEMA):
        assert not forbidden & field.keys(), path


def test_the_schemas_defaults_are_the_models_defaults() -> None:
    model = BitcoinCacheSpec().model_dump(by_alias=True, mode="json", exclude_none=True)
    assert filled_in(SPEC, {}) == model


def test_every_string_is_bounded() -> None:
    """CEL's cost limit counts an unbounded string as megabytes."""
    for path, field in fields(SPEC):
        if field.get("type") == "string" and "enum" not in field:
            assert "maxLength" in field, path


def test_a_resource_not_yet_visited_says_so() -> None:
    assert SCHEMA["properties"]["status"]["default"] == {"observedGeneration": -1}


def test_scale_points_at_the_backend() -> None:
    assert VERSION["subresources"]["scale"] == {
        "specReplicasPath": ".spec.replicas",
        "statusReplicasPath": ".status.replicas",
        "labelSelectorPath": ".status.selector",
    }
