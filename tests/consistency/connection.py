"""HTTP/1.1 on one connection that is kept: little CPU a request, no retries, and nothing hidden."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

PATIENCE: Final = 5.0
"""Seconds for an answer."""

_WITHOUT_BODY: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class NotSentError(Exception):
    """Nobody listens, so the request was surely not done."""


class LostError(Exception):
    """No answer came, or none in time: whether the request was done is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """To one replica of this machine; made anew for the next request after it was lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises NotSentError and LostError."""
        streams = await self.open()
        lines = [f"{method} {path} HTTP/1.1", "Host: consistency"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        try:
            streams[1].write("\r\n".join([*lines, "", ""]).encode() + body)
            async with asyncio.timeout(PATIENCE):
                answer = await _read_answer(streams[0])
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise LostError(repr(error)) from error
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises NotSentError."""
        if self._streams is None:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            except (OSError, TimeoutError) as error:
                raise NotSentError(repr(error)) from error
        return self._streams

    def close(self) -> None:
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None


async def _read_answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.rstrip().split("\r\n")
    status = int(first.split(" ", 2)[1])
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.lower(): value.strip() for name, value in pairs}
    body = b"" if status in _WITHOUT_BODY else await reader.readexactly(int(headers["content-length"]))
    return Answer(status, headers, body)
