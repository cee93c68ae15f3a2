"""Which fields of an object a manager has set, by the API server's own books, and how to change one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from support.kubernetes import Object

Path = tuple[str | int, ...]

_OTHER_WORDS: Final = {
    "ClusterIP": "NodePort",
    "LoadBalancer": "NodePort",
    "RollingUpdate": "Recreate",
    "Recreate": "RollingUpdate",
    "Always": "IfNotPresent",
    "IfNotPresent": "Always",
    "RuntimeDefault": "Unconfined",
    "TCP": "UDP",
    "Forbid": "Allow",
    "Never": "OnFailure",
    "OnFailure": "Never",
    "FallbackToLogsOnError": "File",
    "ScheduleAnyway": "DoNotSchedule",
    "OnRootMismatch": "Always",
}


def fields_of(live: Object, manager: str) -> list[Path]:
    """The paths of all leaves that the manager has set, lists' entries by their places."""
    books = [
        entry["fieldsV1"]
        for entry in live["metadata"].get("managedFields", ())
        if entry["manager"] == manager and "subresource" not in entry
    ]
    return list(dict.fromkeys(path for book in books for path in _leaves(book, live, ())))


def at(live: Any, path: Path) -> Any:
    """The value there; None where there is none."""
    for step in path:
        try:
            live = live[step]
        except (KeyError, IndexError, TypeError):
            return None
    return live


def pointer(path: Path) -> str:
    """RFC 6901."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def others(value: Any) -> Iterator[Any]:
    """Other values of the same type, the likeliest to be accepted first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield value - 1
    elif isinstance(value, str):
        if value in _OTHER_WORDS:
            yield _OTHER_WORDS[value]
        if re.search(r"\d", value):
            yield re.sub(r"\d+", lambda found: str(int(found[0]) + 1), value, count=1)
        yield value + "x"
        yield "eA=="
    elif isinstance(value, list) and value:
        for other in others(value[-1]):
            yield [*value[:-1], other]
        yield value[:-1]
    elif isinstance(value, dict) and value:
        key = min(value)
        for other in others(value[key]):
            yield {**value, key: other}
    elif isinstance(value, dict):
        yield {"sizeLimit": "77Mi"}


def _leaves(book: Object, live: Any, path: Path) -> Iterator[Path]:
    inner = {key: below for key, below in book.items() if key != "."}
    if not inner or all(key.startswith("v:") for key in inner):
        yield path
        return
    for key, below in inner.items():
        kind, _, name = key.partition(":")
        if kind == "f" and isinstance(live, dict) and name in live:
            yield from _leaves(below, live[name], (*path, name))
        elif kind == "k" and isinstance(live, list):
            wanted = json.loads(name)
            for place, item in enumerate(live):
                if all(item.get(field) == value for field, value in wanted.items()):
                    yield from _leaves(below, item, (*path, place))
