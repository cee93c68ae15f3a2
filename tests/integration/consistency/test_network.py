"""The network between a replica and its servers does what faults ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from consistency.tcp import Network, network
from support.chance import chance_of


@pytest.fixture
async def way() -> AsyncIterator[Network]:
    """To a server that repeats what it gets."""
    handlers = set[asyncio.Task[None] | None]()

    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.current_task())
        with suppress(ConnectionError):
            while data := await reader.read(1000):
                writer.write(data)
        writer.transport.abort()

    server = await asyncio.start_server(repeat, "127.0.0.1", 0)
    async with server, network(chance_of(1), server.sockets[0].getsockname()[1], 0.01) as way:
        yield way
    await asyncio.gather(*filter(None, handlers))
    await asyncio.sleep(0)  # the transports close in the loop's next round


async def test_everything_arrives_in_order(way: Network) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
    sent = b"".join(b"%05d" % number for number in range(2_000))
    for start in range(0, len(sent), 100):
        writer.write(sent[start : start + 100])
        await asyncio.sleep(0)
    assert await reader.readexactly(len(sent)) == sent
    writer.write_eof()
    writer.close()


async def test_what_is_swallowed_arrives_late(way: Network) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
    writer.write(b"a")
    assert await reader.readexactly(1) == b"a"

    way.swallow()
    writer.write(b"b")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.readexactly(1)

    way.mend()
    assert await reader.readexactly(1) == b"b"
    writer.close()


async def test_a_cut_breaks_connections_and_lets_none_in_until_it_is_mended(way: Network) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
    writer.write(b"a")
    await reader.readexactly(1)
    assert way.open_connections == 1

    way.cut()
    assert await _is_broken(reader)
    writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
    assert await _is_broken(reader)
    writer.close()

    way.mend()
    reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
    writer.write(b"b")
    assert await reader.readexactly(1) == b"b"
    writer.close()


async def test_connections_live_on_when_the_way_leads_elsewhere(way: Network) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
    writer.write(b"a")
    await reader.readexactly(1)

    async def greet(_reader: asyncio.StreamReader, new: asyncio.StreamWriter) -> None:
        new.write(b"elsewhere")
        new.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as other:
        way.target = other.sockets[0].getsockname()[1]
        new_reader, new_writer = await asyncio.open_connection("127.0.0.1", way.port)
        assert await new_reader.read() == b"elsewhere"
        new_writer.close()
        writer.write(b"b")
        assert await reader.readexactly(1) == b"b"
        writer.close()


async def _is_broken(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True
