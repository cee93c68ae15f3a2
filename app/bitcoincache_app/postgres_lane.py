"""Lanes into PostgreSQL: each a connection of its own, on which one write after the other is made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import psycopg
from psycopg.rows import TupleRow

from bitcoincache_app import statements
from bitcoincache_app.changes import Change, Changed, Create, Delete, Put, Update
from bitcoincache_app.dedicated import Connection, Dedicated
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
from bitcoincache_app.settings import Limits
from bitcoincache_app.timed_connection import Observe, untold
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
        self._connection = Dedicated(conninfo, limits.postgres_answer, observe)

    async def connect(self) -> None:
        try:
            await self._connection.connect()
        except (psycopg.Error, TimeoutError) as error:
            raise StoreUnavailableError("PostgreSQL does not answer; nothing was changed.") from error

    async def write(self, token: Token, changes: Sequence[Change]) -> Sequence[Changed | BackendError]:
        values = {
            "epoch": token.epoch.number,
            "token": token.id,
            "symbols": _array(change.symbol for change in changes),
            "prices": _array(change.price for change in changes if not isinstance(change, Delete)),
            "versions": _versions(changes[0]),
        }
        rows = await self._commit(_STATEMENTS[type(changes[0])], values)
        found = {row[0]: row for row in rows}
        return [_outcome(change, found.get(change.symbol)) for change in changes]

    async def close(self) -> None:
        await self._connection.close()

    async def _commit(self, statement: str, values: Mapping[str, Any]) -> Sequence[TupleRow]:
        async def run(connection: Connection) -> Sequence[TupleRow]:
            cursor = await connection.execute(statement, values)
            return await cursor.fetchall()

        try:
            with spent("postgres"):
                return await self._connection.ask(run)
        except psycopg.Error as error:
            if error.sqlstate in _FENCED:
                raise EpochPassedError("Another Redis is trusted by now; nothing was changed.") from error
            if error.sqlstate == _CANCELED or (error.sqlstate and error.sqlstate[:2] not in _PARTING):
                raise StoreUnavailableError("PostgreSQL refused the write; nothing was changed.") from error
            raise OutcomeUnknownError(_UNKNOWN) from error
        except TimeoutError as error:
            raise OutcomeUnknownError(_UNKNOWN) from error


_UNKNOWN = "PostgreSQL's answer was lost: the write may or may not have been made. Read before trying again."


def _array(items: Iterable[str | int]) -> str:
    """As PostgreSQL reads it; symbols and numbers need no quotes. psycopg takes many times as long to write lists."""
    return f"{{{','.join(map(str, items))}}}"


def _versions(change: Change) -> list[int] | None:
    versions = change.versions if isinstance(change, (Update, Delete)) else None
    return None if versions is None else list(versions)


def _outcome(change: Change, row: TupleRow | None) -> Changed | BackendError:
    if row is not None:
        if isinstance(change, Delete):
            return Changed(None)
        *coin, created = row
        return Changed(coin_json(*coin), created)
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
