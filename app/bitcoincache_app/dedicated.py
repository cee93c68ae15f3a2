"""A connection to PostgreSQL that serves one purpose, so that nothing else can hold it up."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bitcoincache_app.patience import within
from bitcoincache_app.prepared import PreparedConnection

_T = TypeVar("_T")


class Dedicated:
    """Made when it is first needed, and again after it was lost. Each statement commits by itself.

    ``answer``: the seconds that an answer may take. Its methods raise psycopg.Error and TimeoutError.
    """

    def __init__(self, conninfo: str, answer: float) -> None:
        self._conninfo = conninfo
        self._answer = answer
        self._connection: PreparedConnection | None = None
        self._connecting = asyncio.Lock()

    async def connect(self) -> PreparedConnection:
        """The connection, which was not yet known to be broken."""
        async with self._connecting:  # one at a time, or one of two would be forgotten
            if self._connection is not None and _is_usable(self._connection):
                return self._connection
            await self.close()
            return await self._connected()

    async def _connected(self) -> PreparedConnection:
        attempt = PreparedConnection.connect(self._conninfo, autocommit=True)
        connecting = asyncio.create_task(attempt)
        try:
            self._connection = connection = await within(self._answer, connecting)
        except (TimeoutError, asyncio.CancelledError):
            connecting.add_done_callback(_close_if_made)
            raise
        return connection

    async def ask(self, question: Callable[[PreparedConnection], Coroutine[Any, Any, _T]]) -> _T:
        """What ``question`` gets from the connection. One at a time."""
        connection = await self.connect()
        task = asyncio.create_task(question(connection))
        try:
            return await within(self._answer, task)
        except TimeoutError:
            # What still runs on it must not be taken for the next answer; psycopg has to let go of it before it can
            # be closed.
            self._connection = None
            task.add_done_callback(lambda _: _finish(connection))
            raise

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        self._connection = None


def _close_if_made(connecting: asyncio.Task[PreparedConnection]) -> None:
    """It may have come to its end in the very moment in which it was given up."""
    if not connecting.cancelled() and connecting.exception() is None:
        _finish(connecting.result())


def _finish(connection: PreparedConnection) -> None:
    """Closes it at once: a task for that would never run where the loop is about to end."""
    connection.pgconn.finish()


def _is_usable(connection: PreparedConnection) -> bool:
    """An idle server says nothing unless it is parting: found out before a write, whose fate would be unknown."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
