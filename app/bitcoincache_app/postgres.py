"""The store on PostgreSQL: a bounded pool of connections, and one statement for each thing that is asked."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from bitcoincache_api.http import Bitcoin, RankedBitcoin, Ranking
from bitcoincache_app import statements
from bitcoincache_app.errors import StoreUnavailableError
from bitcoincache_app.patience import within
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.timed_connection import Observe, timed, untold
from bitcoincache_app.timing import spent

_Connection = psycopg.AsyncConnection[DictRow]
_Row = Mapping[str, Any]


class PostgresStore:
    """Implements ports.Store."""

    def __init__(self, pool: AsyncConnectionPool[_Connection], limits: Limits) -> None:
        self._pool = pool
        self._limits = limits

    async def get(self, symbol: str) -> Bitcoin | None:
        rows = await self._read(statements.GET, {"symbol": symbol})
        return Bitcoin.model_validate(rows[0]) if rows else None

    async def get_many(self, symbols: Sequence[str]) -> list[Bitcoin]:
        rows = await self._read(statements.GET_MANY, {"symbols": list(symbols)})
        return [Bitcoin.model_validate(row) for row in rows]

    async def symbols_after(self, symbol: str, limit: int) -> list[str]:
        rows = await self._read(statements.SYMBOLS_AFTER, {"symbol": symbol, "limit": limit})
        return [str(row["symbol"]) for row in rows]

    async def ranking(self, limit: int, offset: int) -> Ranking:
        rows = await self._read(statements.RANKING, {"limit": limit, "offset": offset})
        coins = [row for row in rows if row["symbol"] is not None]
        items = [RankedBitcoin(rank=rank, **row) for rank, row in enumerate(coins, offset + 1)]
        return Ranking(items=items, total=rows[0]["total"], limit=limit, offset=offset)

    async def settle(self, tokens: Sequence[int]) -> None:
        await self._read(statements.SETTLE, {"tokens": list(tokens)})

    async def ping(self) -> None:
        await self._read(statements.PING, {})

    def pool_stats(self) -> Mapping[str, int]:
        """As psycopg's pool counts."""
        return self._pool.get_stats()

    async def _read(self, statement: str, values: _Row) -> Sequence[_Row]:
        with _unavailable(), spent("postgres"):
            return await within(self._limits.postgres_answer, asyncio.create_task(self._fetch(statement, values)))

    async def _fetch(self, statement: str, values: _Row) -> Sequence[_Row]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statement, values)
            return await cursor.fetchall()


@asynccontextmanager
async def open_store(settings: Settings, limits: Limits, observe: Observe = untold) -> AsyncIterator[PostgresStore]:
    """A store at that address. Connects in the background, so PostgreSQL need not be there yet.

    Connections are checked as they are handed out, so a restart of PostgreSQL fails no request after it. All of them
    are made at the start and kept: while the password is being changed a process that knows the old one lives on what
    it has, for it would get no more. ``observe`` is told of each statement.
    """
    pool = AsyncConnectionPool[_Connection](
        conninfo(settings, limits),
        connection_class=timed(observe),
        kwargs={"autocommit": True, "row_factory": dict_row},
        min_size=limits.postgres_connections,
        max_lifetime=math.inf,
        max_waiting=limits.postgres_queue,
        timeout=limits.postgres_pool,
        reconnect_timeout=2.0,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    await pool.open(wait=False)
    try:
        yield PostgresStore(pool, limits)
    finally:
        await pool.close(timeout=1.0)


def conninfo(settings: Settings, limits: Limits) -> str:
    """A libpq connection string. A statement that can't be delivered, or takes too long, is given up in time."""
    return make_conninfo(
        host=settings.postgres_host,
        port=settings.postgres_port,
        dbname=settings.postgres_db,
        user=settings.postgres_user,
        password=settings.postgres_password.get_secret_value(),
        application_name="bitcoincache-backend",
        connect_timeout=2,
        # A server that vanished without a word is noticed while nothing is sent, too.
        keepalives_idle=5,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=round(limits.postgres_answer * 1000),
        options=f"-c timezone=UTC -c statement_timeout={round(limits.postgres_statement * 1000)}",
    )


def is_password_refused(error: psycopg.Error) -> bool:
    """Whether a connection failed for its password. libpq has no SQLSTATE for that, only the server's words."""
    return "password authentication failed" in str(error)


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        raise StoreUnavailableError("The database's schema is not up to date yet.") from error
    except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
        raise StoreUnavailableError("PostgreSQL does not answer.") from error
