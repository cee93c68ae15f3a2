"""Prepared statements on a connection to PostgreSQL, text in and bytes out, on libpq itself.

A cursor of psycopg's takes several times as long to carry a small statement as PostgreSQL takes to answer it: time of
the one core that this process has.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

Value = str | int | None
Row = Sequence[bytes | None]

_NAMED: Final = re.compile(r"%\((\w+)\)s")
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


@dataclass(frozen=True, slots=True)
class Statement:
    """``text`` has numbers in place of the ``parameters``; metrics call it ``kind``."""

    kind: str
    text: bytes
    parameters: tuple[str, ...]


def statement(kind: str, text: str) -> Statement:
    """Of a text with named parameters: %(symbol)s."""
    names = tuple(dict.fromkeys(_NAMED.findall(text)))
    return Statement(kind, _NAMED.sub(lambda match: f"${names.index(match[1]) + 1}", text).encode(), names)


Observe = Callable[[Statement, float], None]
"""Is told each statement and its seconds."""


def untold(_statement: Statement, _seconds: float) -> None:
    """For whoever has no metrics."""


class PreparedConnection(psycopg.AsyncConnection[TupleRow]):
    """psycopg's connection, which runs statements of ours by itself too. Each is prepared when it is first run."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kinds: set[str] = set()

    async def run(self, statement: Statement, values: Mapping[str, Value], observe: Observe) -> list[Row]:
        """All rows. One at a time, in autocommit mode. Raises psycopg.Error.

        Where the answer is waited for no longer, or is not whole, the connection is at its end: what still comes must
        not be taken for the next answer.
        """
        start = time.perf_counter()
        try:
            if statement.kind not in self._kinds:
                self.pgconn.send_prepare(statement.kind.encode(), statement.text)
                _checked(await _Exchange(self.pgconn).results())
                self._kinds.add(statement.kind)
            parameters = [_encoded(values[name]) for name in statement.parameters]
            self.pgconn.send_query_prepared(statement.kind.encode(), parameters)
            result = _checked(await _Exchange(self.pgconn).results())
        except BaseException as error:
            refused = isinstance(error, psycopg.Error) and self.pgconn.transaction_status == TransactionStatus.IDLE
            if not refused:
                self.pgconn.finish()
            raise
        finally:
            observe(statement, time.perf_counter() - start)
        columns = range(result.nfields)
        return [[result.get_value(row, column) for column in columns] for row in range(result.ntuples)]


def array(items: Iterable[str | int]) -> str:
    """As PostgreSQL reads it."""
    quoted = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"


def _encoded(value: Value) -> bytes | None:
    return None if value is None else str(value).encode()


def _checked(results: Sequence[PGresult]) -> PGresult:
    """The one that was asked for. Raises what PostgreSQL says against it."""
    for result in results:
        if result.status not in _DONE:
            raise psycopg.errors.error_from_result(result)
    return results[-1]


class _Exchange:
    """What was sent on a connection is answered: libpq's manual, "Asynchronous Command Processing"."""

    def __init__(self, connection: PGconn) -> None:
        self._connection = connection
        self._socket = connection.socket
        self._loop = asyncio.get_running_loop()
        self._results: list[PGresult] = []
        self._answered: asyncio.Future[None] = self._loop.create_future()

    async def results(self) -> list[PGresult]:
        """All, once the server is ready for more. Raises psycopg.Error where the connection is lost."""
        if self._connection.flush() != 0:
            self._loop.add_writer(self._socket, self._proceed)
        self._loop.add_reader(self._socket, self._proceed)
        try:
            await self._answered
        except asyncio.CancelledError:
            self._let_go()
            raise
        return self._results

    def _proceed(self) -> None:
        lost: psycopg.Error | None = None
        try:
            if not self._has_all():
                return
        except psycopg.Error as error:
            lost = error
        self._let_go()
        if self._answered.done():
            return  # given up in this very turn of the loop
        if lost is None:
            self._answered.set_result(None)
        else:
            self._answered.set_exception(lost)

    def _has_all(self) -> bool:
        self._connection.consume_input()
        while not self._connection.is_busy():
            result = self._connection.get_result()
            if result is None:
                return True
            self._results.append(result)
        if self._connection.flush() == 0:
            self._loop.remove_writer(self._socket)
        return False

    def _let_go(self) -> None:
        """At once: where the connection is lost libpq closes it, and its number may be another's a moment later."""
        for forget in (self._loop.remove_reader, self._loop.remove_writer):
            with suppress(OSError):  # of a closed one: while both are there, the first has epoll watch for the other
                forget(self._socket)
