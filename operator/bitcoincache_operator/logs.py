"""Logs: one JSON object a line, with the resource that it is about."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from bitcoincache_operator.resource import ResourceKey

current_resource: Final[ContextVar[ResourceKey | None]] = ContextVar("current_resource", default=None)
"""The resource that this task works on."""


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        resource = current_resource.get()
        if resource is not None:
            line |= {"namespace": resource.namespace, "name": resource.name}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(level: str) -> None:
    """Sends all logs to stderr. kopf's own, which tell of each event, only from warnings on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level != "DEBUG":
        for name in ("kopf", "kopf.objects", "aiohttp.access"):
            logging.getLogger(name).setLevel(logging.WARNING)
