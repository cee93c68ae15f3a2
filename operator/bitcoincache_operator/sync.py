"""Does a live object hold what is wanted of it? Pure, so that "nothing to do" costs no request.

What the API server adds by itself (defaults, status, allocated ports) never counts as a difference.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from bitcoincache_api.names import GROUP
from bitcoincache_operator.fingerprint import fingerprint
from bitcoincache_operator.kinds import Manifest

APPLIED_ANNOTATION: Final = f"{GROUP}/applied"
"""The hash of the manifest as it was last applied: what the manifest no longer holds shows by it alone. Of a Secret's
data it has the fingerprint only."""

_EMPTY: Final[tuple[Any, ...]] = (None, {}, [], "")


def digest(content: Any) -> str:
    """A short hash of JSON, equal for equal content whatever the order of its keys: sixteen hexadecimal digits."""
    return sha256(_canonical(content).encode()).hexdigest()[:16]


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def stamped(manifest: Manifest) -> Manifest:
    """The manifest with its own hash as an annotation: what is sent to the API server."""
    out = copy.deepcopy(manifest)
    out["metadata"].setdefault("annotations", {})[APPLIED_ANNOTATION] = _stamp(manifest)
    return out


def was_applied(manifest: Manifest, live: Mapping[str, Any]) -> bool:
    """Whether the live object is what came of this very manifest, edits by others aside."""
    annotations = live["metadata"].get("annotations") or {}
    return bool(annotations.get(APPLIED_ANNOTATION) == _stamp(manifest))


def _stamp(manifest: Manifest) -> str:
    if manifest["kind"] != "Secret":
        return digest(manifest)
    metadata = manifest["metadata"]
    told = fingerprint(f"{metadata['namespace']}/{metadata['name']}", _canonical(manifest.get("data")))
    return digest({**manifest, "data": told})


def in_sync(manifest: Manifest, live: Mapping[str, Any]) -> bool:
    """Whether nothing needs to be written."""
    return was_applied(manifest, live) and holds(manifest, live) and not surplus(manifest, live)


def holds(wanted: Any, live: Any) -> bool:
    """Whether ``live`` has everything that ``wanted`` has.

    Fields that ``wanted`` leaves out are free, lists must be as long, and a missing field equals an empty one.
    """
    if wanted in _EMPTY:
        return live in _EMPTY or isinstance(live, dict)
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(
            _RULES.get(key, holds)(value, live.get(key)) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(live, list) and len(wanted) == len(live) and all(map(holds, wanted, live))
    return bool(wanted == live)


def _owners_hold(wanted: Any, live: Any) -> bool:
    """Others may own an object as well."""
    return all(any(holds(owner, candidate) for candidate in live or []) for owner in wanted)


def _same(wanted: Any, live: Any) -> bool:
    return bool(wanted == live) or (wanted in _EMPTY and live in _EMPTY)


_RULES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "ownerReferences": _owners_hold,
    # A label more selects other pods.
    "selector": _same,
    "podSelector": _same,
    "labelSelector": _same,
    # A field more of a peer lets others in.
    "ingress": _same,
    "egress": _same,
}


def surplus(manifest: Manifest, live: Mapping[str, Any]) -> Manifest:
    """A JSON merge patch that takes away what others added where nothing may be added; empty if there is nothing.

    Server-side apply leaves other managers' list entries and map keys alone, so an entry added by hand would stay. A
    pod mounts all keys of a ConfigMap or Secret, and reads all entries of a list: those are the operator's alone.
    """
    patch = _longer_lists(_body(manifest), live)
    if manifest["kind"] in ("ConfigMap", "Secret"):
        foreign = set(live.get("data") or {}) - set(manifest.get("data") or {})
        if foreign:
            patch["data"] = dict.fromkeys(sorted(foreign))
    return patch


def anew(manifest: Manifest, live: Mapping[str, Any]) -> Manifest:
    """A JSON merge patch that writes anew what server-side apply can't turn back; empty if there is nothing.

    An entry whose key others changed, such as a port's number, is another entry for it: ours would be added beside it.
    And a map whose type others changed keeps what only the other type may have. The API server refuses either.
    """
    return _anew(_body(manifest), live)


def _anew(wanted: Mapping[str, Any], live: Mapping[str, Any]) -> Manifest:
    patch: Manifest = {}
    if "type" in wanted and wanted["type"] != live.get("type"):
        patch = {key: None for key, value in live.items() if isinstance(value, dict) and key not in wanted}
        patch["type"] = wanted["type"]
    for key, value in wanted.items():
        actual = live.get(key)
        if isinstance(value, dict) and isinstance(actual, dict):
            inner = _anew(value, actual)
            if inner:
                patch[key] = inner
        elif isinstance(value, list) and isinstance(actual, list) and not holds(value, actual):
            patch[key] = value
    return patch


def _body(manifest: Manifest) -> Manifest:
    return {key: value for key, value in manifest.items() if key != "metadata"}


def _longer_lists(wanted: Mapping[str, Any], live: Mapping[str, Any]) -> Manifest:
    patch: Manifest = {}
    for key, value in wanted.items():
        actual = live.get(key)
        if isinstance(value, dict) and isinstance(actual, dict):
            inner = _longer_lists(value, actual)
            if inner:
                patch[key] = inner
        elif isinstance(value, list) and isinstance(actual, list) and _has_surplus(value, actual):
            # A merge patch replaces lists as a whole: the outermost one that differs is written anew.
            patch[key] = value
    return patch


def _has_surplus(wanted: list[Any], live: list[Any]) -> bool:
    if len(live) > len(wanted):
        return True
    return any(
        bool(_longer_lists(item, actual))
        for item, actual in zip(wanted, live, strict=False)
        if isinstance(item, dict) and isinstance(actual, dict)
    )
