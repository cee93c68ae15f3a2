"""The store on PostgreSQL: a bounded pool of connections, and one statement for each thing that is asked."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from bitcoincache_app import statements
from bitcoincache_app.encoding import coin_json, ranking_json
from bitcoincache_app.errors import StoreUnavailableError
from bitcoincache_app.prepared import Observe, PreparedConnection, Row, Statement, Value, array, untold
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.timing import spent


class PostgresStore:
    """Implements ports.Store."""

    def __init__(self, pool: AsyncConnectionPool[PreparedConnection], limits: Limits, observe: Observe) -> None:
        self._pool = pool
        self._limits = limits
        self._observe = observe

    async def get(self, symbol: str) -> bytes | None:
        rows = await self._read(statements.GET, {"symbol": symbol})
        return coin_json(_present(rows[0][0])) if rows else None

    async def get_many(self, symbols: Sequence[str]) -> dict[str, bytes]:
        rows = await self._read(statements.GET_MANY, {"symbols": array(symbols)})
        return {_present(symbol).decode(): coin_json(_present(members)) for symbol, members in rows}

    async def symbols_after(self, symbol: str, limit: int) -> list[str]:
        rows = await self._read(statements.SYMBOLS_AFTER, {"symbol": symbol, "limit": limit})
        return [_present(symbol).decode() for (symbol,) in rows]

    async def ranking(self, limit: int, offset: int) -> bytes:
        statement = statements.RANKING if offset else statements.FIRST_PAGE
        [(total, coins)] = await self._read(statement, {"limit": limit, "offset": offset})
        items = b"" if coins is None else b"{%b}" % coins
        return ranking_json(items, int(_present(total)), limit, offset)

    async def rank(self, symbol: str) -> bytes | None:
        rows = await self._read(statements.RANK, {"symbol": symbol})
        return rows[0][0] if rows else None

    async def settle(self, tokens: Sequence[int]) -> None:
        await self._read(statements.SETTLE, {"tokens": array(tokens)})

    async def ping(self) -> None:
        await self._read(statements.PING, {})

    def pool_stats(self) -> Mapping[str, int]:
        """As psycopg's pool counts."""
        return self._pool.get_stats()

    async def _read(self, statement: Statement, values: Mapping[str, Value]) -> Sequence[Row]:
        with _unavailable(), spent("postgres"):
            async with asyncio.timeout(self._limits.postgres_answer):
                return await self._fetch(statement, values)

    async def _fetch(self, statement: Statement, values: Mapping[str, Value]) -> Sequence[Row]:
        # A read may be asked again. After a restart of PostgreSQL each connection that the pool has may be dead.
        others = self._limits.postgres_connections
        while True:
            connection = await self._pool.getconn()
            try:
                return await connection.run(statement, values, self._observe)
            except psycopg.OperationalError:
                if not connection.closed or others == 0:
                    raise
            finally:
                await self._pool.putconn(connection)
            others -= 1


def _present(value: bytes | None) -> bytes:
    """Of a column that is never NULL."""
    assert value is not None  # noqa: S101 - the schema says so
    return value


@asynccontextmanager
async def open_store(settings: Settings, limits: Limits, observe: Observe = untold) -> AsyncIterator[PostgresStore]:
    """A store at that address. Connects in the background, so PostgreSQL need not be there yet.

    All connections are made at the start and kept: while the password is being changed a process that knows the old
    one lives on what it has, for it would get no more. ``observe`` is told of each statement.
    """
    pool = AsyncConnectionPool[PreparedConnection](
        conninfo(settings, limits),
        connection_class=PreparedConnection,
        kwargs={"autocommit": True},
        min_size=limits.postgres_connections,
        max_lifetime=math.inf,
        max_waiting=limits.postgres_queue,
        timeout=limits.postgres_pool,
        reconnect_timeout=2.0,
        open=False,
    )
    await pool.open(wait=False)
    try:
        yield PostgresStore(pool, limits, observe)
    finally:
        await pool.close(timeout=3.0)  # a connection that is just being made is waited for, or nobody closes it


_PLANNING: Final = (
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off"
    " -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
)
"""Each statement has an index in the order it wants, and is planned once a connection: planning the ranking takes as
long as reading it. Figures from before a table grew must not make that one plan a scan of all of it."""


_TRUSTING: Final = r"-c default_transaction_isolation=read\ committed -c idle_in_transaction_session_timeout=2s"
"""Each look of the fence has to be a fresh one. And who stands still while adopting a Redis must not keep everyone from
writing: by then Redis has answered, or was given up (``Limits.redis_write``)."""


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
        options=f"{_PLANNING} {_TRUSTING} -c timezone=UTC"
        f" -c statement_timeout={round(limits.postgres_statement * 1000)}",
    )


def is_password_refused(error: psycopg.Error) -> bool:
    """Whether a connection failed for its password. libpq has no SQLSTATE for that, only the server's words."""
    return "password authentication failed" in str(error)


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedFunction) as error:
        raise StoreUnavailableError("The database's schema is not up to date yet.") from error
    except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
        raise StoreUnavailableError("PostgreSQL does not answer.") from error
