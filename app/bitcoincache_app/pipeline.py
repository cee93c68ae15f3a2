"""The one connection to Redis that everything urgent shares, kept up for as long as the application runs."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, NoReturn

import hiredis

from bitcoincache_app.connection import Connection, Done, pack
from bitcoincache_app.errors import CacheUnavailableError, RedisRefusedError
from bitcoincache_app.ports import Clock
from bitcoincache_app.script import Script
from bitcoincache_app.settings import Limits

_PAUSES: Final = (0.1, 0.2, 0.4, 0.5)
"""Seconds between attempts to connect, the last of them from then on; each is cut by up to half, by chance."""

_RUN_ID: Final = re.compile(rb"^run_id:([0-9a-f]+)\r?$", re.MULTILINE)

_log = logging.getLogger(__name__)


class Pipeline:
    """Commands of many callers on one connection. While there is none, everything fails at once.

    ``process`` is the run_id of the Redis process that the connection leads to, None while there is no connection.
    ``changed`` is called after each change of it, and of a loss before anyone who waits is told.
    """

    def __init__(self, scripts: Sequence[Script], limits: Limits, clock: Clock, changed: Callable[[], None]) -> None:
        self.process: str | None = None
        self._scripts = scripts
        self._limits = limits
        self._clock = clock
        self._changed = changed
        self._connection: Connection | None = None

    async def execute(self, *command: bytes | str | int) -> Any:
        """The reply to one command. Raises RedisRefusedError for an error reply, CacheUnavailableError for none."""
        return await self._ask(self._connection, self._limits.redis, command)

    async def exchange(self, commands: bytes, replies: int) -> list[Any]:
        """The replies to packed commands. Raises as ``execute`` does."""
        return await _exchanged(self._connection, commands, replies, self._limits.redis)

    async def run_script(self, script: Script, keys: Sequence[str], args: Sequence[bytes | str | int]) -> Any:
        """The reply of a script, which gets the time that it says it needs. Raises as ``execute`` does."""
        rest = (len(keys), *keys, *args)
        # One connection for both tries: the second must not reach another process than the caller meant.
        connection = self._connection
        try:
            return await self._ask(connection, script.patience, ("EVALSHA", script.digest, *rest))
        except RedisRefusedError as refusal:
            if refusal.code != "NOSCRIPT":
                raise
        # Someone emptied Redis of scripts. It has run nothing, so asking again is safe, and loads the script anew.
        return await self._ask(connection, script.patience, ("EVAL", script.text, *rest))

    def read(self, commands: bytes, replies: int, done: Done) -> None:
        """Sends packed commands that only read, makes no task, and calls ``done`` as soon as all replies have arrived.

        ``done`` is called exactly once, with None where there are no replies within ``limits.redis``; that may be
        before this returns. Error replies are ``hiredis.ReplyError`` objects among the replies.
        """
        if self._connection is None:
            done(None)
        else:
            self._connection.read(commands, replies, done)

    async def keep_connected(self, host: str, port: int) -> None:
        """Until it is cancelled."""
        failures = 0
        while True:
            lost = asyncio.Event()
            try:
                await self._connect(host, port, lost)
            except (OSError, TimeoutError, CacheUnavailableError) as error:
                if failures == 0:
                    _log.warning("Redis can't be reached", extra={"reason": str(error) or type(error).__name__})
                failures += 1
            else:
                failures = 0
                await lost.wait()
            pause = _PAUSES[min(failures, len(_PAUSES) - 1)]
            await self._clock.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads load, hides nothing

    async def _connect(self, host: str, port: int, lost: asyncio.Event) -> None:
        def note_loss(reason: str) -> None:
            lost.set()
            if self._connection is connection:
                _log.warning("the connection to Redis is lost", extra={"reason": reason})
                self._now_at(None, None)

        async with asyncio.timeout(self._limits.redis_write):
            connection = Connection(self._limits, self._clock, note_loss)
            await asyncio.get_running_loop().create_connection(lambda: connection, host, port)
            try:
                process = await self._greet(connection)
            except BaseException:
                connection.close("the greeting failed")
                raise
        if lost.is_set():
            raise CacheUnavailableError("Redis closed the connection.")
        _log.info("connected to Redis", extra={"run_id": process})
        self._now_at(connection, process)

    async def _greet(self, connection: Connection) -> str:
        """Whom the connection leads to. Nobody else may use it before that is known and the scripts are there."""
        patience = self._limits.redis_write
        found = _RUN_ID.search(await self._ask(connection, patience, ("INFO", "server")))
        if found is None:
            raise CacheUnavailableError("Redis does not tell its run_id.")
        for script in self._scripts:
            await self._ask(connection, patience, ("SCRIPT", "LOAD", script.text))
        return found[1].decode()

    def _now_at(self, connection: Connection | None, process: str | None) -> None:
        self._connection, self.process = connection, process
        self._changed()

    def close(self) -> None:
        """Fails everyone who waits."""
        if self._connection is not None:
            connection = self._connection
            self._now_at(None, None)
            connection.close("it is not needed any more")

    async def _ask(self, connection: Connection | None, patience: float, command: tuple[bytes | str | int, ...]) -> Any:
        return (await _exchanged(connection, pack(*command), 1, patience))[0]


async def _exchanged(connection: Connection | None, commands: bytes, replies: int, patience: float) -> list[Any]:
    if connection is None:
        _fail()
    answered: asyncio.Future[list[Any] | None] = asyncio.get_running_loop().create_future()

    def done(found: list[Any] | None) -> None:
        if not answered.done():
            answered.set_result(found)

    connection.send(commands, replies, done, patience)
    found = await answered
    if found is None:
        _fail()
    for reply in found:
        if isinstance(reply, hiredis.ReplyError):
            raise RedisRefusedError(str(reply).partition(" ")[0]) from reply
    return found


def _fail() -> NoReturn:
    raise CacheUnavailableError("Redis does not answer.")


@asynccontextmanager
async def open_pipeline(  # noqa: PLR0913, PLR0917 - each is another thing's
    host: str,
    port: int,
    scripts: Sequence[Script],
    limits: Limits,
    clock: Clock,
    changed: Callable[[], None],
) -> AsyncIterator[Pipeline]:
    """A pipeline to that address, which need not answer yet: it connects, and does so again, in the background."""
    pipeline = Pipeline(scripts, limits, clock, changed)
    connecting = asyncio.create_task(pipeline.keep_connected(host, port))
    try:
        yield pipeline
    finally:
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await connecting
        pipeline.close()
