"""Waiting for what is still starting."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bitcoincache_app.errors import UnavailableError
from bitcoincache_app.ports import Clock

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


async def until_available(
    attempt: Callable[[], Awaitable[_T]], clock: Clock, patience: float, pause: float = 1.0
) -> _T:
    """What ``attempt`` returns, once it does. Raises its UnavailableError after ``patience`` seconds of trying."""
    give_up = clock.monotonic() + patience
    while True:
        try:
            return await attempt()
        except UnavailableError as error:
            if clock.monotonic() >= give_up:
                raise
            cause = str(error.__cause__).strip().splitlines()[:1]
            _log.warning("not available yet", extra={"detail": str(error), "cause": cause})
        await clock.sleep(pause)
