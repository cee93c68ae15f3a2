"""Statements on libpq itself, where the connection or the answer is not as it should be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from bitcoincache_app.postgres import conninfo
from bitcoincache_app.prepared import PreparedConnection, Statement, Value, array, statement, untold
from bitcoincache_app.settings import Settings

from .conftest import LIMITS

ECHO: Final = statement("echo", "SELECT unnest(%(items)s::text[])")
DIVIDE: Final = statement("divide", "SELECT %(number)s::integer / %(by)s::integer")
SLEEP: Final = statement("sleep", "SELECT pg_sleep(30)")
NOWHERE: Final = statement("nowhere", "SELECT * FROM nowhere")


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[PreparedConnection]:
    connection = await PreparedConnection.connect(conninfo(settings, LIMITS), autocommit=True)
    try:
        yield connection
    finally:
        await connection.close()


async def _run(connection: PreparedConnection, statement: Statement, **values: Value) -> list[bytes | None]:
    return [row[0] for row in await connection.run(statement, values, untold)]


@asynccontextmanager
async def _stalled(settings: Settings) -> AsyncIterator[tuple[PreparedConnection, Callable[[], None]]]:
    """A connection whose server reads no more once it is there, and what makes it end its side."""
    upstreams: list[asyncio.StreamWriter] = []

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, upstream = await asyncio.open_connection(settings.postgres_host, settings.postgres_port)
        upstreams.extend((writer, upstream))
        answering = asyncio.create_task(_copy(answers, writer))
        while not stalled.is_set():
            data = await reader.read(65536)
            upstream.write(data)
        await answering

    stalled = asyncio.Event()
    server = await asyncio.start_server(pass_on, "127.0.0.1", 0, limit=1024)
    async with server:
        port = server.sockets[0].getsockname()[1]
        through = settings.model_copy(update={"postgres_port": port})
        connection = await PreparedConnection.connect(conninfo(through, LIMITS), autocommit=True)
        stalled.set()
        try:
            yield connection, upstreams[0].write_eof
        finally:
            await connection.close()
            for writer in upstreams:
                writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)


async def test_parameters_are_numbered_in_the_order_they_come_in_and_null_is_none(
    connection: PreparedConnection,
) -> None:
    assert statement("both", "%(a)s %(b)s %(a)s").text == b"$1 $2 $1"
    assert await _run(connection, DIVIDE, by=2, number=9) == [b"4"]
    assert await _run(connection, DIVIDE, by=None, number=9) == [None]


async def test_each_statement_is_prepared_once(connection: PreparedConnection) -> None:
    for _ in range(3):
        await _run(connection, DIVIDE, number=1, by=1)

    cursor = await connection.execute("SELECT name FROM pg_prepared_statements")
    assert [name for (name,) in await cursor.fetchall()] == ["divide"]


async def test_any_text_goes_as_an_array_and_comes_back(connection: PreparedConnection) -> None:
    loop = asyncio.get_running_loop()

    @settings_of_hypothesis(max_examples=100, deadline=None)
    @given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
    @example(["NULL", "", '"', "\\"])
    def check(items: list[str]) -> None:
        answer = asyncio.run_coroutine_threadsafe(_run(connection, ECHO, items=array(items)), loop).result()
        assert answer == [item.encode() for item in items]

    await asyncio.to_thread(check)


async def test_more_than_the_socket_takes_at_once_goes_both_ways(connection: PreparedConnection) -> None:
    items = ["x" * 1000] * 20_000

    assert len(await _run(connection, ECHO, items=array(items))) == len(items)


async def test_after_an_error_the_connection_goes_on(connection: PreparedConnection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        await _run(connection, DIVIDE, number=1, by=0)
    with pytest.raises(psycopg.errors.UndefinedTable):
        await _run(connection, NOWHERE)

    assert await _run(connection, DIVIDE, number=4, by=2) == [b"2"]


async def test_an_answer_that_is_waited_for_no_longer_ends_the_connection(connection: PreparedConnection) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await _run(connection, SLEEP)

    assert connection.closed


async def test_a_server_that_parts_ends_the_statement_and_the_connection(
    connection: PreparedConnection, in_postgres: psycopg.Connection
) -> None:
    sleeping = asyncio.create_task(_run(connection, SLEEP))
    await asyncio.sleep(0.1)

    in_postgres.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        await sleeping
    assert connection.closed


async def test_a_server_that_parts_while_a_statement_is_being_sent_is_noticed_at_once(settings: Settings) -> None:
    async with _stalled(settings) as (connection, hang_up):
        items = array(["x" * 1000] * 20_000)
        sending = asyncio.create_task(_run(connection, ECHO, items=items))
        await asyncio.sleep(0.2)
        assert not sending.done()

        hang_up()

        with pytest.raises(psycopg.OperationalError):
            async with asyncio.timeout(2.0):
                await sending
        assert connection.closed
