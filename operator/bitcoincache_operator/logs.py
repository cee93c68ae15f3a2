"""Logs: one JSON object a line, with the resource that it is about."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from bitcoincache_operator.kinds import BITCOINCACHE
from bitcoincache_operator.resource import ResourceKey

current_resource: Final[ContextVar[ResourceKey | None]] = ContextVar("current_resource", default=None)
"""The resource that this task works on."""

_log: Final = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        # kopf's own lines carry the object that they are about.
        line |= _named(getattr(record, "k8s_ref", None) or {})
        resource = current_resource.get()
        if resource is not None:
            line |= {"namespace": resource.namespace, "name": resource.name}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _named(reference: Mapping[str, Any]) -> dict[str, str]:
    if reference.get("kind") == BITCOINCACHE.kind:
        return {"namespace": reference["namespace"], "name": reference["name"]}
    return {"object": " ".join(str(reference.get(key)) for key in ("kind", "namespace", "name"))} if reference else {}


def configure(level: str) -> None:
    """Sends all logs to stderr, Python's warnings and the process's last words among them.

    kopf's own, which tell of each event, only from warnings on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _last_words
    if level != "DEBUG":
        for name in ("kopf", "kopf.objects", "aiohttp.access"):
            logging.getLogger(name).setLevel(logging.WARNING)


def _last_words(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    _log.critical("the operator ends: %s", error, exc_info=(kind, error, traceback))
