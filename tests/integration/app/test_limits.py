"""What a client may not do, over a raw socket: each limit, and what is told to whoever meets it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
import pytest

from bitcoincache_app.settings import Settings
from support.waiting import eventually

from .conftest import LIMITS, Client, served

HURRIED: Final = replace(LIMITS, head=0.2, body=0.2, idle=0.5, unread=0.3, connections=4)
HEAD: Final = b"GET /livez HTTP/1.1\r\nHost: test\r\n"


@dataclass(frozen=True)
class Told:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> Any:
        assert self.headers["content-type"] == "application/problem+json"
        assert self.headers["x-request-id"]
        assert self.headers["cache-control"] == "no-store"
        told = json.loads(self.body)
        assert told["status"] == self.status
        return told


class Wire:
    """One connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def told(self) -> Told:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Told(int(line.split()[1]), headers, body)

    async def is_closed(self) -> bool:
        """Waits for the end, and throws away what comes before it."""
        with suppress(ConnectionError):
            await self.reader.read()
        return True


@asynccontextmanager
async def wire(client: Client) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection(client.host, client.port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()


@pytest.fixture
async def hurried(settings: Settings) -> AsyncIterator[Client]:
    async with served(settings, HURRIED) as client:
        yield client


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: test\r\n\r\n", 414),
        (HEAD + b"X-Long: " + b"a" * 5000 + b"\r\n\r\n", 431),
        (HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(100)) + b"\r\n", 431),
        (b"\x00\xff\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"POST /livez HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET /livez HTTP/1.1\r\n\r\n", 400),
        (b"FROBNICATE /livez HTTP/1.1\r\nHost: test\r\n\r\n", 405),
        (b"TRACE /livez HTTP/1.1\r\nHost: test\r\n\r\n", 405),
        (HEAD + b"Expect: a-miracle\r\n\r\n", 417),
    ],
)
async def test_what_is_no_request_is_told_so_as_a_problem(client: Client, sent: bytes, status: int) -> None:
    async with wire(client) as connection:
        connection.writer.write(sent)
        told = await connection.told()

    assert told.status == status
    assert told.problem["detail"]
    assert ("allow" in told.headers) == (status == 405)
    assert (await client.get("/livez")).status == 200


async def test_refusals_are_counted(client: Client) -> None:
    async with wire(client) as connection:
        connection.writer.write(b"\x00\xff\r\n\r\n")
        await connection.told()

    text = await (await client.get("/metrics")).text()
    assert 'bitcoincache_http_requests_total{method="other",route="unknown",status="400"} 1.0' in text


@pytest.mark.parametrize("start", [b"G", HEAD, HEAD + b"X-Slow"])
async def test_a_head_that_takes_too_long_is_given_up(hurried: Client, start: bytes) -> None:
    async with wire(hurried) as connection:
        connection.writer.write(start)
        told = await connection.told()

        assert (told.status, told.headers["connection"]) == (408, "close")
        assert told.problem["detail"]
        assert await connection.is_closed()


async def test_a_head_in_pieces_is_taken_if_it_comes_in_time(client: Client) -> None:
    async with wire(client) as connection:
        for byte in HEAD + b"\r\n":
            connection.writer.write(bytes([byte]))
            await connection.writer.drain()
        assert (await connection.told()).status == 200


async def test_a_body_that_takes_too_long_is_given_up(hurried: Client) -> None:
    async with wire(hurried) as connection:
        connection.writer.write(
            b"PUT /api/v1/bitcoins/BTC HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            b"Content-Length: 11\r\n\r\n" + b'{"price":'
        )
        told = await connection.told()

        assert (told.status, told.headers["connection"]) == (408, "close")
        assert told.problem["detail"]
        assert await connection.is_closed()
    assert (await hurried.get("/api/v1/bitcoins/BTC")).status == 404


async def test_an_idle_connection_is_closed(hurried: Client) -> None:
    async with wire(hurried) as silent, wire(hurried) as used:
        used.writer.write(HEAD + b"\r\n")
        assert (await used.told()).status == 200

        assert await silent.is_closed()
        assert await used.is_closed()


async def test_one_connection_too_many_is_told_to_come_back(settings: Settings) -> None:
    async with served(settings, replace(LIMITS, connections=2)) as client:
        # The client's own is the first.
        async with wire(client) as second, wire(client) as third:
            told = await third.told()
            assert (told.status, told.headers["retry-after"], told.headers["connection"]) == (503, "1", "close")
            assert told.problem["detail"]
            second.writer.write(HEAD + b"\r\n")
            assert (await second.told()).status == 200

        async def is_let_in() -> bool:
            async with wire(client) as another:
                another.writer.write(HEAD + b"\r\n")
                return (await another.told()).status == 200

        await eventually(is_let_in)


async def test_a_client_that_does_not_read_is_let_go(hurried: Client) -> None:
    request = b"GET /openapi.json HTTP/1.1\r\nHost: test\r\n\r\n"
    async with wire(hurried) as connection:
        connection.reader._transport.pause_reading()  # type: ignore[attr-defined]  # what nobody reads stays where it is

        async def is_let_go() -> bool:
            # Answers fill the kernel's buffers, and then nothing is taken in any more.
            if not connection.writer.transport.is_closing():
                connection.writer.write(request * 32)
            text = await (await hurried.get("/metrics")).text()
            return "bitcoincache_http_connections 1.0" in text

        await eventually(is_let_go)


async def test_a_full_queue_for_postgres_refuses_at_once(settings: Settings, in_postgres: psycopg.Connection) -> None:
    few = replace(LIMITS, postgres_connections=1, postgres_queue=2, postgres_pool=20.0, postgres_statement=20.0)
    few = replace(few, postgres_answer=25.0)
    async with served(settings, few) as client:
        with in_postgres.transaction():
            in_postgres.execute("LOCK TABLE bitcoins")
            # One holds the connection, two wait for it, and all others must not.
            asked = [asyncio.create_task(client.get(f"/api/v1/bitcoins/C{number}")) for number in range(10)]

            async def only_those_wait() -> bool:
                return sum(task.done() for task in asked) == 7

            await eventually(only_those_wait)
            refused = [task.result() for task in asked if task.done()]
        answered = await asyncio.gather(*asked)

    assert [(answer.status, answer.headers["Retry-After"]) for answer in refused] == [(503, "1")] * 7
    assert sorted(answer.status for answer in answered) == [404] * 3 + [503] * 7
