"""What two runs of the same story must have in common, whatever was random in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from support.kubernetes import Object

_SERVERS_OWN: Final = frozenset(
    {"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"}
)
_TIMES: Final = frozenset({"lastTransitionTime", "completedAt"})
_RULES: Final = (
    # Annotations and names of Jobs that depend on a password, an address or a UID.
    (re.compile(r'"(bitcoincache\.dev/[a-z]+)": "[0-9a-f]{8,64}"'), r'"\1": "HASH"'),
    (re.compile(r"-prime-[0-9a-f]{8,64}"), "-prime-HASH"),
    (re.compile(r'"hash": "[0-9a-f]{8,64}"'), '"hash": "HASH"'),
    (re.compile(r'"(nodePort|healthCheckNodePort)": \d+'), r'"\1": 0'),
    (re.compile(r'"http://([0-9.]+):\d+"'), r'"http://\1:0"'),
)


def likeness(resource: Object, objects: Iterable[Object]) -> Mapping[str, Any]:
    """The resource and its objects by kind and name, without what no two runs have in common."""
    found = list(objects)
    words = {resource["metadata"]["uid"]: "UID", resource["metadata"]["namespace"]: "NAMESPACE"}
    for item in found:
        words[item["metadata"]["uid"]] = f"UID-OF-{item['metadata']['name']}"
        if item["kind"] == "Service":
            words[item["spec"]["clusterIP"]] = f"ADDRESS-OF-{item['metadata']['name']}"
        if item["kind"] == "Secret":
            words |= {secret: f"VALUE-OF-{key}" for key, secret in item["data"].items()}
    out = {f"{item['kind']}/{item['metadata']['name']}": _kept(item, status=False) for item in found}
    out["resource"] = _kept(resource, status=True)
    text = json.dumps(out, sort_keys=True)
    # The longest first: the operator's namespace may begin as the resource's does.
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, words[word])
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def difference(wanted: Any, found: Any, where: str = "") -> list[str]:
    """What differs, a line each; empty where nothing does."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        keys = sorted(wanted.keys() | found.keys())
        return [line for key in keys for line in difference(wanted.get(key), found.get(key), f"{where} {key}")]
    return [] if wanted == found else [f"{where}: {json.dumps(wanted)} became {json.dumps(found)}"]


def _kept(item: Object, *, status: bool) -> Object:
    out = {key: value for key, value in item.items() if status or key != "status"}
    out["metadata"] = {key: value for key, value in item["metadata"].items() if key not in _SERVERS_OWN}
    return {key: _timeless(value) for key, value in out.items()}


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(inner) for key, inner in value.items() if key not in _TIMES}
    return [_timeless(inner) for inner in value] if isinstance(value, list) else value
