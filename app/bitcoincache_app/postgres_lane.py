"""Lanes into PostgreSQL: each a connection of its own, on which one write after the other is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import psycopg

from bitcoincache_app import statements
from bitcoincache_app.changes import Change, Changed, Create, Delete, Put, Update
from bitcoincache_app.dedicated import Dedicated
from bitcoincache_app.encoding import coin_json
from bitcoincache_app.errors import (
    AlreadyExistsError,
    BackendError,
    EpochPassedError,
    NotFoundError,
    OutcomeUnknownError,
    StoreUnavailableError,
    VersionMismatchError,
)
from bitcoincache_app.ports import Token
from bitcoincache_app.prepared import Observe, Row, Statement, Value, array, untold
from bitcoincache_app.settings import Limits
from bitcoincache_app.timing import spent

_STATEMENTS: Final = {
    Create: statements.CREATE,
    Put: statements.PUT,
    Update: statements.UPDATE,
    Delete: statements.DELETE,
}
_FENCED: Final = frozenset({"BC001", "BC002"})
"""What migrations/0004_epochs.sql raises: the epoch has passed, the token is settled."""

_PARTING: Final = frozenset({"57", "08", "XX"})
"""Classes of errors after which the connection may be gone, and with it what became of the write. Of the others the
server itself says that it has rolled the statement back."""

_CANCELED: Final = "57014"
"""Of class 57, and rolled back: the statement took longer than statement_timeout."""


class PostgresLane:
    """Implements ports.Lane."""

    def __init__(self, conninfo: str, limits: Limits, observe: Observe = untold) -> None:
        self._connection = Dedicated(conninfo, limits.postgres_answer)
        self._answer = limits.postgres_answer
        self._observe = observe

    async def connect(self) -> None:
        try:
            await self._connection.connect()
        except (psycopg.Error, TimeoutError) as error:
            raise StoreUnavailableError("PostgreSQL does not answer; nothing was changed.") from error

    async def write(self, token: Token, changes: Sequence[Change]) -> Sequence[Changed | BackendError]:
        values: dict[str, Value] = {
            "epoch": token.epoch.number,
            "token": token.id,
            "symbols": array(change.symbol for change in changes),
            "prices": array(change.price for change in changes if not isinstance(change, Delete)),
            "versions": _versions(changes[0]),
        }
        rows = await self._commit(_STATEMENTS[type(changes[0])], values)
        found = {symbol.decode(): (members, made) for symbol, members, made in rows if symbol}
        return [_outcome(change, found.get(change.symbol)) for change in changes]

    async def close(self) -> None:
        await self._connection.close()

    async def _commit(self, statement: Statement, values: Mapping[str, Value]) -> Sequence[Row]:
        try:
            with spent("postgres"):
                async with asyncio.timeout(self._answer):
                    connection = await self._connection.connect()
                    return await connection.run(statement, values, self._observe)
        except psycopg.Error as error:
            if error.sqlstate in _FENCED:
                raise EpochPassedError("Another Redis is trusted by now; nothing was changed.") from error
            if error.sqlstate == _CANCELED or (error.sqlstate and error.sqlstate[:2] not in _PARTING):
                raise StoreUnavailableError("PostgreSQL refused the write; nothing was changed.") from error
            raise OutcomeUnknownError(_UNKNOWN) from error
        except TimeoutError as error:
            raise OutcomeUnknownError(_UNKNOWN) from error


_TRUE: Final = b"t"
_UNKNOWN: Final = "PostgreSQL's answer was lost: the write may or may not have been made. Read before trying again."


def _versions(change: Change) -> str | None:
    versions = change.versions if isinstance(change, (Update, Delete)) else None
    return None if versions is None else array(versions)


def _outcome(change: Change, found: tuple[bytes | None, bytes | None] | None) -> Changed | BackendError:
    if found is not None:
        members, made = found
        return Changed(None) if members is None else Changed(coin_json(members), created=made == _TRUE)
    if isinstance(change, Create):
        return AlreadyExistsError(change.symbol)
    if isinstance(change, Delete) and change.versions is None:
        return NotFoundError(change.symbol)
    if isinstance(change, Put):
        return StoreUnavailableError("PostgreSQL did not make the write.")
    return VersionMismatchError(change.symbol)


@asynccontextmanager
async def open_lanes(conninfo: str, limits: Limits, observe: Observe = untold) -> AsyncIterator[Sequence[PostgresLane]]:
    """Lanes to that address, which connect on first use."""
    lanes = [PostgresLane(conninfo, limits, observe) for _ in range(limits.postgres_lanes)]
    try:
        yield lanes
    finally:
        for lane in lanes:
            await lane.close()
