"""Waiting for a condition rather than for time to pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], Awaitable[bool]], patience: float = 30.0) -> None:
    """Returns once ``condition`` holds. Raises TimeoutError after ``patience`` seconds."""
    async with asyncio.timeout(patience):
        while not await condition():  # noqa: ASYNC110 - nobody sets an event when a server is back
            await asyncio.sleep(0.02)
