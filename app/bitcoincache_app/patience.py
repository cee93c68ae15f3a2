"""Waiting for something for so long and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

_T = TypeVar("_T")

_unattended: Final[set[asyncio.Task[Any]]] = set()
"""Kept from being collected until they end."""


async def within(seconds: float, task: asyncio.Task[_T]) -> _T:
    """What the task gives. Raises TimeoutError after ``seconds``, and leaves the task to end behind the caller's back.

    A timeout that waits for the cancelled task would not do: psycopg 3.3 answers a cancellation by asking the server to
    cancel, and waits for a server that is frozen for up to ten seconds (``AsyncConnection.wait``).
    """
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        _give_up(task)
        raise
    if not done:
        _give_up(task)
        raise TimeoutError
    return task.result()


def keep(work: Coroutine[Any, Any, object]) -> None:
    """Sees the work through in the background."""
    _leave(asyncio.create_task(work))


def _give_up(task: asyncio.Task[Any]) -> None:
    _leave(task)
    task.cancel()


def _leave(task: asyncio.Task[Any]) -> None:
    """Lets whatever becomes of the task pass."""
    _unattended.add(task)
    task.add_done_callback(_ended)


def _ended(task: asyncio.Task[Any]) -> None:
    _unattended.discard(task)
    if not task.cancelled():
        # Looked at, or asyncio complains that nobody did.
        task.exception()
