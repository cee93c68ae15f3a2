"""Below aiohttp's requests: how many connections there may be, how long each may take, and refusals in the API's words.

What can't become a request is answered here and not by a view: bytes that are not HTTP, heads that are too long or take
too long, one connection too many. These answers are problem details too, carry an id, are logged, and are counted for
the route "unknown" and the method "other".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, cast

from aiohttp import web

from bitcoincache_app.access_log import log_request
from bitcoincache_app.headers import REQUEST_ID
from bitcoincache_app.keys import LIMITS, METRICS
from bitcoincache_app.problems import of_aiohttp, unforeseen
from bitcoincache_app.reading import read_moderately
from bitcoincache_app.refusals import MAX_HEADER, MAX_HEADERS, MAX_TARGET, raw, refusal, too_many, too_slow
from bitcoincache_app.request_ids import Identity, current, request_id
from bitcoincache_app.settings import Limits

LINGER: Final = 2.0
"""Seconds for a client to send the rest of a body that nobody wants, or to read why it was turned away."""

_log = logging.getLogger(__name__)


class LimitedHandler(web.RequestHandler):
    """One connection, within limits. A faster handler may derive from it."""

    __slots__ = ("_admitted", "_head_timer", "_http", "_limits", "_unread_timer", "_wire")

    def __init__(self, server: LimitedServer) -> None:
        self._http = server
        self._limits: Limits = server.limits
        self._wire: asyncio.Transport | None = None
        self._admitted = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=self._limits.idle,
            lingering_time=LINGER,
            access_log=None,  # type: ignore[arg-type]  # as AppRunner says that there is none
            max_line_size=MAX_TARGET,
            max_field_size=MAX_HEADER,
            max_headers=MAX_HEADERS,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = wire = cast("asyncio.Transport", transport)
        read_moderately(wire)
        if self._http.open >= self._limits.connections:
            self._turn_away(wire)
            return
        self._admitted = True
        self._http.open += 1
        super().connection_made(transport)
        # Paused from the first byte that the kernel doesn't take: no answer waits here behind another, and the timer
        # below sees every client that doesn't read.
        wire.set_write_buffer_limits(high=0)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._http.open -= self._admitted
        _cancel(self._head_timer)
        _cancel(self._unread_timer)
        self._wire = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        waiter = self._waiter
        if waiter is None or waiter.done():
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
        elif self._head_timer is None:  # bytes came, and still no request: its head is on the way
            self._head_timer = self._loop.call_later(self._limits.head, self._give_up_on_head)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_timer = self._loop.call_later(self._limits.unread, self._abort)

    def resume_writing(self) -> None:
        _cancel(self._unread_timer)
        super().resume_writing()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what aiohttp can't make a request of, and to errors that no middleware saw."""
        if request.writer.output_size > 0:
            raise ConnectionError("An answer has begun already: there can't be another.")
        if status == HTTPStatus.BAD_REQUEST:
            return self._stamped(refusal(exc))
        _log.error("unforeseen", exc_info=exc)
        return self._stamped(unforeseen(request.path))

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.HTTPException):  # raised before the middlewares: an expectation that can't be met
            resp = self._stamped(of_aiohttp(resp, request.path), request.headers.get(REQUEST_ID))
        return await super().finish_response(request, resp, start_time)

    def _give_up_on_head(self) -> None:
        self._head_timer = None
        if self._wire is not None and not self._wire.is_closing():
            self._wire.write(raw(self._stamped(too_slow())))
            self.force_close()

    def _turn_away(self, wire: asyncio.Transport) -> None:
        self.force_close()  # takes no data any more
        wire.write(raw(self._stamped(too_many())))
        wire.write_eof()
        # Closed at once, the kernel would take back what the client has not read.
        self._unread_timer = self._loop.call_later(LINGER, self._abort)

    def _stamped(self, response: web.Response, given_id: str | None = None) -> web.Response:
        """What the outermost middleware does for requests, and the connection's end."""
        identity = Identity(request_id(given_id), None)
        current.set(identity)
        response.headers[REQUEST_ID] = identity.request_id
        response.force_close()
        self._http.observe("unknown", "other", response.status, 0.0, {})
        log_request("other", "/", response.status, 0.0, None)
        return response

    def _abort(self) -> None:
        if self._wire is not None:
            self._wire.abort()


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


MakeHandler = Callable[["LimitedServer"], web.RequestHandler]


class LimitedServer(web.Server):
    """Makes a handler for each connection. ``open`` counts those that were let in."""

    def __init__(self, application: web.Server, app: web.Application, make_handler: MakeHandler) -> None:
        super().__init__(
            application.request_handler,
            request_factory=application.request_factory,
            handler_cancellation=application.handler_cancellation,
        )
        self.app = app
        self.limits = app[LIMITS]
        self.observe = app[METRICS].observe
        self.open = 0
        self._make_handler = make_handler

    def __call__(self) -> web.RequestHandler:
        return self._make_handler(self)


class LimitedRunner(web.AppRunner):
    """Runs an application within the limits that it was made with."""

    __slots__ = ("_make_handler",)

    def __init__(self, app: web.Application, make_handler: MakeHandler = LimitedHandler, **options: Any) -> None:
        super().__init__(app, **options)
        self._make_handler = make_handler

    async def _make_server(self) -> web.Server:
        application = await super()._make_server()
        server = LimitedServer(application, self.app, self._make_handler)
        self.app[METRICS].gauge("bitcoincache_http_connections", "Connections that are open.", lambda: server.open)
        return server
