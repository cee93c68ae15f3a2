"""Writes the reference of the resource from the models: ``python hack/reference.py ROOT`` (ROOT/docs/reference.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bitcoincache_api import names
from bitcoincache_api.crd.meanings import CONDITIONS, REASONS
from bitcoincache_api.crd.schema import custom_resource_definition
from bitcoincache_api.crd.status import ConditionType, Reason
from bitcoincache_api.quantities import DURATION_PATTERN
from tables import table

HEADER = f"""\
<!-- Generated from api/bitcoincache_api/crd by `make manifests`: change the models, not this file. -->
# The BitcoinCache resource

`{names.API_VERSION}`, kind `{names.KIND}`, namespaced; `kubectl get btcc` for short. Every field of the spec may be
left out: `spec: {{}}` is a whole stack. `kubectl explain bitcoincache.spec` tells of the version that your cluster has.

A quantity is a number and a unit, such as `500m` or `5Gi`; a duration is hours, minutes and seconds, such as `1h30m`.
"""

Schema = Mapping[str, Any]
Field = tuple[str, Schema]


def main(root: Path) -> None:
    """Writes the one file. Raises KeyError with the condition or reason that nobody has given a meaning yet."""
    folder = root / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reference.md").write_text("\n".join(_document(custom_resource_definition())) + "\n", "utf-8")


def _document(definition: Schema) -> Iterator[str]:
    schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    spec, status = schema["properties"]["spec"], schema["properties"]["status"]
    yield HEADER
    yield "## Spec\n"
    rows = ((f"`{path}`", _type(field), _default(field), field["description"]) for path, field in _leaves("spec", spec))
    yield from table("field", "type", "default", "what it is", rows=rows)
    yield "\n## Rules\n\nThe API server refuses a resource that breaks one of them.\n"
    grouped: dict[str, list[str]] = {}
    for path, rule in _rules("", schema):
        grouped.setdefault(rule, []).append(f"`{path}`")
    yield from table("rule", "of", rows=((rule, ", ".join(paths)) for rule, paths in grouped.items()))
    yield "\n## Status\n"
    rows_of_status = ((f"`{path}`", _type(field), field["description"]) for path, field in _leaves("status", status))
    yield from table("field", "type", "what it is", rows=rows_of_status)
    yield "\n## Conditions\n"
    yield from table("type", "what it is about", rows=((f"`{kind}`", CONDITIONS[kind]) for kind in ConditionType))
    yield "\n## Reasons\n\nA condition's message has the particulars.\n"
    told = ((f"`{reason}`", REASONS[reason].tells, REASONS[reason].to_do) for reason in sorted(Reason))
    yield from table("reason", "what it tells", "what to do", rows=told)


def _leaves(path: str, node: Schema) -> Iterator[Field]:
    """The fields that hold values, by their paths."""
    for below, field in _below(path, node):
        if any(True for _ in _below(below, field)):
            yield from _leaves(below, field)
        else:
            yield below, field


def _below(path: str, node: Schema) -> Iterator[Field]:
    """The fields of an object, or of what a list or a map holds."""
    if isinstance(node.get("items"), Mapping):
        yield from _below(f"{path}[]", node["items"])
    if isinstance(node.get("additionalProperties"), Mapping):
        yield from _below(f"{path}.NAME", node["additionalProperties"])
    for name, field in node.get("properties", {}).items():
        yield f"{path}.{name}".removeprefix("."), field


def _type(field: Schema) -> str:
    if field.get("x-kubernetes-int-or-string"):
        return "quantity"
    if field.get("pattern") == DURATION_PATTERN:
        return "duration"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    inner = field.get("items") or field.get("additionalProperties")
    if inner:
        return f"{'list' if 'items' in field else 'map'} of {_type(inner)}s"
    return f"{field['type']}, {field['minimum']} to {field['maximum']}" if "maximum" in field else str(field["type"])


def _default(field: Schema) -> str:
    return f"`{json.dumps(field['default'])}`" if "default" in field else ""


def _rules(path: str, node: Schema) -> Iterator[tuple[str, str]]:
    for rule in node.get("x-kubernetes-validations", ()):
        yield path or names.KIND, rule["message"]
    if "x-kubernetes-int-or-string" in node or node.get("pattern") == DURATION_PATTERN:
        return
    if "pattern" in node:
        yield path, f"matches `{node['pattern']}`"
    for limit, unit in (("maxLength", "characters"), ("maxItems", "entries"), ("maxProperties", "entries")):
        if limit in node:
            yield path, f"at most {node[limit]} {unit}"
    for below, field in _below(path, node):
        yield from _rules(below, field)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
