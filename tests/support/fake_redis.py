"""A server that greets as Redis does and then answers with the bytes that a test tells it to, when it tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import hiredis

from support.servers import free_port


class FakeRedis:
    """``received`` are the commands after the greeting; ``bursts`` how many of them came in one read."""

    def __init__(self) -> None:
        self.port = free_port()
        self.run_id = "a" * 40
        self.greets = True
        self.received: list[list[bytes]] = []
        self.bursts: list[int] = []
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._serving: list[asyncio.Task[None] | None] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.gather(*filter(None, self._serving), return_exceptions=True)

    def cut(self) -> None:
        """Closes every connection."""
        writers, self._writers = self._writers, []
        for writer in writers:
            writer.transport.abort()

    async def answer(self, *pieces: bytes) -> None:
        """Sends these bytes, piece by piece, each in a segment of its own."""
        for piece in pieces:
            self._writers[-1].write(piece)
            await self._writers[-1].drain()
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.append(asyncio.current_task())
        self._writers.append(writer)
        self.connections += 1
        commands = hiredis.Reader()
        while data := await reader.read(65536):
            commands.feed(data)
            burst = 0
            while command := commands.gets():
                burst += not self._greet(command, writer)
                if command[0] not in (b"INFO", b"SCRIPT"):
                    self.received.append(command)
            self.bursts.append(burst)
        writer.close()

    def _greet(self, command: list[bytes], writer: asyncio.StreamWriter) -> bool:
        info = f"# Server\r\nrun_id:{self.run_id}\r\ntcp_port:1\r\n".encode()
        answers = {b"INFO": b"$%d\r\n%s\r\n" % (len(info), info), b"SCRIPT": b"$1\r\nx\r\n"}
        if command[0] in answers and self.greets:
            writer.write(answers[command[0]])
        return command[0] in answers


@asynccontextmanager
async def fake_redis() -> AsyncIterator[FakeRedis]:
    server = FakeRedis()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
