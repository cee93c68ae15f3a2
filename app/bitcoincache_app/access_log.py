"""One line for each request, at a level that keeps ordinary ones cheap."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

SLOW: Final = 0.25
"""Seconds from which an answer is worth a line at INFO."""

_log = logging.getLogger("bitcoincache_app.access")


def access_level(status: int, seconds: float) -> int:
    """INFO for what failed or was slow, DEBUG for the rest: a line for each hit would cost more than the hit."""
    return logging.INFO if status >= HTTPStatus.BAD_REQUEST or seconds > SLOW else logging.DEBUG


def is_logged(status: int, seconds: float) -> bool:
    """Whether ``log_request`` would write a line."""
    return _log.isEnabledFor(access_level(status, seconds))


def log_request(method: str, path: str, status: int, seconds: float, cache: str | None) -> None:
    """Logs an answer; ``cache`` is its Cache-Status. Costs next to nothing where its level is off."""
    level = access_level(status, seconds)
    if not _log.isEnabledFor(level):
        return
    fields = {"method": method, "path": path, "status": status, "duration_ms": round(seconds * 1000, 2), "cache": cache}
    _log.log(level, "request", extra=fields)
