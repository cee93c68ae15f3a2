"""A connection to a server without a network in between: what arrives together is decided by the test."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

_VARYING = (
    (re.compile(rb"\r\nDate: [^\r]+"), b"\r\nDate: DATE"),
    (re.compile(rb"\r\nX-Request-Id: [0-9a-f]{32}\r"), b"\r\nX-Request-Id: GENERATED\r"),
    (re.compile(rb"dur=\d+\.\d\d"), b"dur=0.00"),
    (re.compile(rb"ttl=\d+"), b"ttl=0"),
)


class Wire(asyncio.Transport):
    """The server's end. ``written`` is what it sent."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.written = b""
        self.reads = True
        self.closed = False

    def write(self, data: Any) -> None:
        assert not self.closed
        self.written += bytes(data)

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass


class Connection:
    """One client's connection to ``server``."""

    def __init__(self, server: web.Server) -> None:
        self.handler: RequestHandler = server()
        self.wire = Wire()
        self.handler.connection_made(self.wire)

    async def opened(self) -> None:
        """Returns when the server is ready for the first bytes."""
        await _until(lambda: self.handler._waiter is not None)

    async def deliver(self, data: bytes) -> None:
        """Hands these bytes over in one piece, as soon as the server reads."""
        await _until(lambda: self.wire.reads or self.wire.closed)
        if not self.wire.closed:
            self.handler.data_received(data)

    async def at_rest(self) -> None:
        """Returns when the server has nothing left to do for this connection before more arrives."""
        await _until(lambda: self.wire.closed or self._awaits_request() or self._awaits_body())

    def _awaits_request(self) -> bool:
        waiter = self.handler._waiter
        return waiter is not None and not waiter.done() and not self.handler._request_in_progress

    def _awaits_body(self) -> bool:
        request = self.handler._current_request
        if request is not None:
            return not request._payload.is_eof()
        # What is left between an answer and the next request is a body that nobody wants.
        return self.handler._waiter is None and not self.handler._messages and not self.handler._request_in_progress

    @property
    def answered(self) -> int:
        """How many answers were sent."""
        return self.wire.written.count(b"HTTP/1.1 200 OK\r\n")

    def hang_up(self) -> None:
        self.handler.connection_lost(None)


async def _until(condition: Callable[[], bool]) -> None:
    """Returns when it holds, and not just for the turn of the loop between two steps of the server's."""
    async with asyncio.timeout(30):
        held = 0
        while held < 4:
            held = held + 1 if condition() else 0
            await asyncio.sleep(0)


async def converse(server: web.Server, pieces: Sequence[bytes], *, patient: bool) -> tuple[bytes, bool]:
    """What the server answers to these pieces, but for what differs each time, and whether it closed the connection.

    A patient client waits for what comes of each piece before it sends the next.
    """
    connection = Connection(server)
    await connection.opened()
    for piece in pieces:
        await connection.deliver(piece)
        if patient:
            await connection.at_rest()
    await connection.at_rest()
    answers, closed = connection.wire.written, connection.wire.closed
    connection.hang_up()
    for varying, constant in _VARYING:
        answers = varying.sub(constant, answers)
    return answers, closed
