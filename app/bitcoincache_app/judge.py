"""The judge: PostgreSQL's word on which Redis is to be believed, and who may serve from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import psycopg
from psycopg.rows import TupleRow

from bitcoincache_app.dedicated import Dedicated
from bitcoincache_app.epochs import Epoch
from bitcoincache_app.errors import StoreUnavailableError
from bitcoincache_app.ports import Ruling
from bitcoincache_app.prepared import PreparedConnection

_T = TypeVar("_T")

_RENEW: Final = "SELECT epoch, process, stamp, open, registered, permits FROM cache_renew(%(me)s)"
_REGISTER: Final = "INSERT INTO cache_permits (replica) VALUES (%(me)s) ON CONFLICT DO NOTHING"
_HAND_IN: Final = "DELETE FROM cache_permits WHERE replica = %(me)s"
_FORGET: Final = "DELETE FROM cache_permits WHERE replica = %(replica)s AND beat = %(beat)s"
_SUSPEND: Final = """
UPDATE cache_epoch SET epoch = epoch + 1, process = NULL, stamp = '', open = false WHERE epoch = %(epoch)s"""
# The epoch's row is locked: while permits are cleared nobody may begin an epoch in which there are new ones.
_CLEAR: Final = """
WITH untrusted AS MATERIALIZED (SELECT FROM cache_epoch WHERE epoch = %(epoch)s AND process IS NULL FOR SHARE)
DELETE FROM cache_permits WHERE EXISTS (SELECT FROM untrusted)"""
_OPEN: Final = """
UPDATE cache_epoch SET open = true WHERE epoch = %(epoch)s AND process IS NULL
AND NOT EXISTS (SELECT FROM cache_permits)"""
_LOCK: Final = "SELECT pg_advisory_xact_lock(cache_fence_lock())"
_ADOPT: Final = """
UPDATE cache_epoch SET epoch = epoch + 1, process = %(process)s, stamp = %(stamp)s, open = true
WHERE epoch = %(epoch)s AND process IS NULL AND NOT EXISTS (SELECT FROM cache_permits)"""
_NOTHING_SETTLED: Final = "DELETE FROM cache_settled"


class PostgresJudge:
    """Implements ports.Judge, for the replica ``me``, on a connection of its own, which nobody else holds up."""

    def __init__(self, conninfo: str, me: str, answer: float) -> None:
        self._me = me
        self._connection = Dedicated(conninfo, answer)

    async def renew(self) -> Ruling:
        number, process, stamp, is_open, registered, others = await self._ask(self._renew)
        return Ruling(Epoch(number, process, stamp, is_open), registered=registered, others=others)

    async def register(self) -> None:
        await self._say(_REGISTER, {"me": self._me})

    async def hand_in(self) -> None:
        await self._say(_HAND_IN, {"me": self._me})

    async def forget(self, replica: str, beat: int) -> None:
        await self._say(_FORGET, {"replica": replica, "beat": beat})

    async def suspend(self, epoch: Epoch) -> None:
        await self._say(_SUSPEND, {"epoch": epoch.number})

    async def clear(self, epoch: Epoch) -> None:
        await self._say(_CLEAR, {"epoch": epoch.number})

    async def open(self, epoch: Epoch) -> None:
        await self._say(_OPEN, {"epoch": epoch.number})

    async def adopt(self, epoch: Epoch, process: str, stamp: str, empty: Callable[[], Awaitable[None]]) -> bool:
        values = {"epoch": epoch.number, "process": process, "stamp": stamp}
        return await self._ask(lambda connection: self._adopt(connection, values, empty))

    async def close(self) -> None:
        await self._connection.close()

    async def _renew(self, connection: PreparedConnection) -> TupleRow:
        cursor = await connection.execute(_RENEW, {"me": self._me})
        row = await cursor.fetchone()
        if row is None:
            raise StoreUnavailableError("PostgreSQL has no epoch.")
        return row

    async def _adopt(
        self,
        connection: PreparedConnection,
        values: dict[str, Any],
        empty: Callable[[], Awaitable[None]],
    ) -> bool:
        async with connection.transaction():
            await connection.execute(_LOCK)
            if (await connection.execute(_ADOPT, values)).rowcount == 0:
                return False
            # None of a write that an earlier epoch announced can pass the fence any more.
            await connection.execute(_NOTHING_SETTLED)
            await empty()
        return True

    async def _say(self, statement: str, values: dict[str, Any]) -> None:
        async def run(connection: PreparedConnection) -> None:
            await connection.execute(statement, values)

        await self._ask(run)

    async def _ask(self, question: Callable[[PreparedConnection], Coroutine[Any, Any, _T]]) -> _T:
        try:
            return await self._connection.ask(question)
        except (psycopg.Error, TimeoutError) as error:
            raise StoreUnavailableError("PostgreSQL does not say which Redis is trusted.") from error


@asynccontextmanager
async def open_judge(conninfo: str, me: str, answer: float) -> AsyncIterator[PostgresJudge]:
    """A judge at that address, who is asked for the first time when something is asked."""
    judge = PostgresJudge(conninfo, me, answer)
    try:
        yield judge
    finally:
        await judge.close()
