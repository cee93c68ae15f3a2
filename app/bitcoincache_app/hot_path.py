"""Hits and plain PUTs answered below aiohttp's requests: the bytes that it would send, at a fraction of its cost.

A request is answered here where it is of the plainest kind (``hot_requests``), nothing else is under way on its
connection, and the cache has the value. aiohttp gets everything else untouched, and keeps its timeouts and limits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from aiohttp import hdrs, web
from aiohttp.http_parser import RawRequestMessage

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_app.answers import Answer
from bitcoincache_app.changes import Changed, Put
from bitcoincache_app.errors import StoreUnavailableError
from bitcoincache_app.hot_answers import HotAnswers
from bitcoincache_app.hot_requests import HotRequest, HotWrite, recognise
from bitcoincache_app.patience import keep
from bitcoincache_app.ports import Hit
from bitcoincache_app.server import LimitedHandler, LimitedServer
from bitcoincache_app.service import CacheService
from bitcoincache_app.timing import measured
from bitcoincache_app.writes import Writes

_UNKNOWN: Final = -1

PUBLICATION: Final = 0.05
"""Seconds that a reader waits for a write of the same coin, made by this process, to be in the cache."""


class Peek(Protocol):
    """A cache that can be asked without waiting."""

    def peek(self, key: str, done: Callable[[Hit | None], None]) -> None:
        """Calls ``done`` exactly once, perhaps before this returns, with the value if it may be served."""


@dataclass(frozen=True, slots=True)
class HotPath:
    """What all connections share."""

    cache: Peek
    service: CacheService
    writes: Writes
    answers: HotAnswers
    leaving: asyncio.Event


HOT_PATH: Final = web.AppKey("hot_path", HotPath)


class HotRequestHandler(LimitedHandler):
    """One connection. While it asks the cache, what else arrives is held, and no more of it is read."""

    __slots__ = ("_asked", "_data", "_held", "_hot", "_rest", "_since")

    def __init__(self, server: LimitedServer, hot: HotPath) -> None:
        super().__init__(server)
        self._hot = hot
        self._asked: HotRequest | HotWrite | None = None
        self._since = 0.0
        self._data = b""
        self._held = b""
        # Of aiohttp's current message: bytes still to come, 0 between messages. Once unknown, it stays unknown.
        self._rest = 0

    def data_received(self, data: bytes) -> None:
        waiter = self._waiter  # there, and not done, while aiohttp has nothing to do
        if self._rest or waiter is None or waiter.done():
            self._hand_over(data)
        elif self._asked is not None or self._paused:
            self._hold(data)
        elif self._hot.leaving.is_set() or (asked := recognise(data)) is None:
            self._hand_over(data)
        else:
            self._asked, self._data, self._since = asked, data, (now := time.monotonic())
            # As aiohttp does while it has a request: no idle connection, and shutting down waits for the answer.
            self._next_keepalive_close_time = now + self._keepalive_timeout
            self._request_in_progress = True
            if isinstance(asked, HotWrite):
                self._write(asked)
            else:
                key = RANKING_KEY if asked.symbol is None else coin_key(asked.symbol)
                self._hot.cache.peek(key, self._found)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._asked is None:
            self._release()

    def _found(self, hit: Hit | None) -> None:
        asked = self._asked
        assert isinstance(asked, HotRequest)  # noqa: S101 - what peek promises
        answer = None
        if hit is not None:
            answer = self._hot.answers.hit(asked, hit, time.monotonic() - self._since)
        if answer is None:
            keep(self._read_through(asked))
        else:
            self._end(answer)

    async def _read_through(self, asked: HotRequest) -> None:
        service, symbol = self._hot.service, asked.symbol
        if symbol is not None and (writing := self._hot.writes.under_way(symbol)) is not None:
            # Until its write is published a coin is in no cache. It will be in a moment.
            await asyncio.wait({writing}, timeout=PUBLICATION)
        answer: Answer | Exception
        with measured() as waited:
            try:
                answer = await (service.missed_ranking() if symbol is None else service.missed_coin(symbol))
            except Exception as error:  # noqa: BLE001 - the answer tells it, and the log what nobody foresaw
                answer = error
        self._end(self._hot.answers.read(asked, answer, waited, time.monotonic() - self._since))

    def _write(self, asked: HotWrite) -> None:
        try:
            wanted = self._hot.writes.submit(Put(asked.symbol, asked.price))
        except StoreUnavailableError:
            self._end(None)  # nothing was begun: aiohttp's way finds the same, and tells
            return

        def decided(outcome: asyncio.Future[Changed]) -> None:
            seconds = time.monotonic() - self._since
            self._end(self._hot.answers.write(asked, outcome, wanted.waited, seconds))

        wanted.outcome.add_done_callback(decided)

    def _end(self, answer: bytes | None) -> None:
        """With what is to be sent, or None where aiohttp is to look at the request."""
        data = self._data
        self._asked, self._data, self._request_in_progress = None, b"", False
        if answer is None:
            self._hand_over(data)
            self._release()
        else:
            self._request_count += 1
            if self.transport is not None:
                self.transport.write(answer)
            if self._held and not self._paused:
                self._release()
        if self._handler_waiter is not None:
            self._handler_waiter.set_result(None)

    def _hold(self, data: bytes) -> None:
        if not self._held:
            self._pause_transport_reading()
        self._held += data

    def _release(self) -> None:
        held, self._held = self._held, b""
        if held:
            self._resume_transport_reading()
            self.data_received(held)

    def _hand_over(self, data: bytes) -> None:
        before, between = self._request_count, self._rest == 0
        super().data_received(data)
        if not data or self._rest == _UNKNOWN:
            return
        if between:
            length = self._length_of_last(data) if self._request_count == before + 1 else None
            rest = _UNKNOWN if length is None else length - len(data)
        else:
            rest = self._rest - len(data)
        self._rest = max(rest, _UNKNOWN)

    def _length_of_last(self, data: bytes) -> int | None:
        """Of the message that begins ``data``; None where it doesn't tell, or where others may follow it."""
        message, head = self._messages[-1][0], data.find(b"\r\n\r\n")
        if not isinstance(message, RawRequestMessage) or message.chunked or message.upgrade or head < 0:
            return None
        return head + 4 + int(message.headers.get(hdrs.CONTENT_LENGTH, "0"))


def make_handler(server: LimitedServer) -> LimitedHandler:
    """For a new connection: one that answers hits itself, where the application has HOT_PATH."""
    hot = server.app.get(HOT_PATH)
    return LimitedHandler(server) if hot is None else HotRequestHandler(server, hot)
