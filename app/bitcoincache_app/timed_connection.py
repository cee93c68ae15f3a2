"""A connection to PostgreSQL that tells how long each statement took."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from psycopg import AsyncConnection, AsyncCursor

Observe = Callable[[object, float], None]
"""Is told each statement's text, and its seconds."""


def timed(observe: Observe) -> type[AsyncConnection[Any]]:
    """A class of connections, to be made by a pool."""

    class TimedConnection(AsyncConnection[Any]):
        async def execute(self, query: Any, *arguments: Any, **options: Any) -> AsyncCursor[Any]:
            start = time.perf_counter()
            try:
                return await super().execute(query, *arguments, **options)
            finally:
                observe(query, time.perf_counter() - start)

    return TimedConnection


def untold(_statement: object, _seconds: float) -> None:
    """For whoever has no metrics."""
