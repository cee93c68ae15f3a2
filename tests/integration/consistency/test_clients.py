"""What a client writes down of an answer: in doubt, that the outcome is unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest

from consistency.clients import Client
from consistency.history import Change
from consistency.journal import Journal
from support.chance import chance_of

_Respond = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(respond: _Respond) -> AsyncIterator[int]:
    """The port of one that does this with each connection."""
    listening = await asyncio.start_server(respond, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def after_one(kind: str, *answers: bytes) -> Journal:
    """What one client writes down that does only this, if its requests are answered so."""
    journal, stop = Journal(), asyncio.Event()

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, answer in enumerate(answers, 1):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            for line in head.splitlines():
                if line.startswith("Content-Length: "):
                    await reader.readexactly(int(line.split(": ")[1]))
            if number == len(answers):
                stop.set()
            writer.write(answer)
        await writer.drain()
        writer.close()

    async with server(respond) as port:
        client = Client(
            3, port, keys=["A1"], mix={kind: 1}, pause=0.0, prices=count(7), chance=chance_of(1), journal=journal
        )
        await client.run(stop)
    return journal


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("kind", "response", "known"),
    [
        ("put", answer("200 OK", b"{}"), True),
        ("create", answer("201 Created", b"{}"), True),
        ("delete", b"HTTP/1.1 204 No Content\r\n\r\n", True),
        ("put", answer("500 Internal Server Error"), False),
        ("put", answer("503 Service Unavailable", b"may or may not have been made"), False),
        ("put", answer("503 Service Unavailable", b"PostgreSQL does not answer."), False),
        ("delete", answer("504 Gateway Timeout"), False),
        ("put", b"", False),
    ],
)
async def test_a_write_is_done_or_of_unknown_outcome(kind: str, response: bytes, known: bool) -> None:
    [operation] = (await after_one(kind, response)).history
    assert operation.change == Change("A1", None if kind == "delete" else 7)
    assert (operation.returned is not None) == known
    assert operation.expects == ({"A1": None} if kind == "create" else {})


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("put", answer("503 Service Unavailable", b"Writes are paused; nothing was changed.")),
        ("put", answer("422 Unprocessable Entity")),
        ("create", answer("409 Conflict")),
        ("read", answer("503 Service Unavailable")),
        ("read", b""),
    ],
)
async def test_a_failure_did_and_saw_nothing(kind: str, response: bytes) -> None:
    journal = await after_one(kind, response)
    assert not journal.history
    assert len(journal.failures) == 1


async def test_a_deletion_that_finds_nothing_is_a_read() -> None:
    [operation] = (await after_one("delete", answer("404 Not Found"))).history
    assert operation.observes
    assert operation.expects == {"A1": None}


@pytest.mark.parametrize("page", [b'{"items": [{"symbol": "A1", "price": 5}]}', b'[{"symbol": "A1", "price": 5}]'])
async def test_a_ranking_is_read_for_the_rounds_coins(page: bytes) -> None:
    [operation] = (await after_one("ranking", answer("200 OK", page))).history
    assert operation.expects == {"A1": 5}


async def test_hits_are_told_from_misses() -> None:
    coin = b'{"price": 5}'
    hit = answer("200 OK", coin, "Cache-Status: redis; hit; ttl=9")
    miss = answer("200 OK", coin, "Cache-Status: redis; fwd=uri-miss; stored")
    journal = await after_one("read", hit, miss)
    assert [operation.expects for operation in journal.history] == [{"A1": 5}, {"A1": 5}]
    assert len(journal.hits) == 1


async def test_where_nobody_listens_nothing_is_asked() -> None:
    async with server(lambda _reader, _writer: asyncio.sleep(0)) as port:
        pass
    journal, stop = Journal(), asyncio.Event()
    client = Client(
        3, port, keys=["A1"], mix={"put": 1}, pause=0.0, prices=count(7), chance=chance_of(1), journal=journal
    )
    running = asyncio.create_task(client.run(stop))
    while not journal.refused:  # noqa: ASYNC110 - the journal sets no event
        await asyncio.sleep(0.01)
    stop.set()
    await running
    assert journal.operations == 0
