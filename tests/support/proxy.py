"""Between a client and its API server: passes requests on, counts them, and can fail at any of them."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web
from yarl import URL

from support.servers import free_port

_PATIENCE: Final = 60.0
_WATCHES: Final = "watch=true"
_PER_HOP: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


@dataclass(frozen=True)
class Request:
    """One that came in. ``write`` counts the writes since the verdict was set, from 1; it is 0 for a read."""

    method: str
    path: str
    query: str
    body: bytes = field(repr=False)
    number: int
    write: int

    @property
    def watches(self) -> bool:
        return _WATCHES in self.query

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Exchange:
    """A request to be answered. ``ask`` passes it on; the answer's body is read by then, but for a watch's."""

    incoming: web.Request
    ask: Callable[[], Awaitable[aiohttp.ClientResponse]]

    def cut(self) -> None:
        if self.incoming.transport is not None:
            self.incoming.transport.abort()


Fault = Callable[[Exchange], Coroutine[Any, Any, web.StreamResponse]]
Verdict = Callable[[Request], Fault]


async def passed(exchange: Exchange) -> web.StreamResponse:
    """No fault."""
    answer = await exchange.ask()
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _PER_HOP}
    if _WATCHES not in exchange.incoming.query_string:
        return web.Response(status=answer.status, headers=headers, body=await answer.read())
    stream = web.StreamResponse(status=answer.status, headers=headers)
    stream.enable_chunked_encoding()
    await stream.prepare(exchange.incoming)
    async for chunk in answer.content.iter_any():
        await stream.write(chunk)
    return stream


async def refused(exchange: Exchange) -> web.StreamResponse:
    """The connection is closed before the API server has heard of anything."""
    exchange.cut()
    return web.Response()


async def unheard(exchange: Exchange) -> web.StreamResponse:
    """The API server does as it is asked, and nobody is told."""
    await (await exchange.ask()).read()
    return await refused(exchange)


async def cut_short(exchange: Exchange) -> web.StreamResponse:
    """The connection is closed in the middle of the answer."""
    answer = await exchange.ask()
    body = await answer.read() if _WATCHES not in exchange.incoming.query_string else b"{" * 20
    stream = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    stream.content_length = len(body)
    await stream.prepare(exchange.incoming)
    await stream.write(body[: len(body) // 2])
    exchange.cut()
    return stream


async def ended(_: Exchange) -> web.StreamResponse:
    """A watch that ends as soon as it began, for no reason."""
    return web.Response(content_type="application/json")


async def hung(exchange: Exchange) -> web.StreamResponse:
    """No answer, ever: the client has to give up."""
    await asyncio.Event().wait()
    raise AssertionError(exchange)


def answered(status: int, **headers: str) -> Fault:
    """An error of the API server's own, which did nothing."""
    phrase = HTTPStatus(status).phrase
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status, "message": phrase}

    async def fault(_: Exchange) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body, status=status, headers=named)

    return fault


def told_in_the_stream(code: int) -> Fault:
    """A watch that begins well, and has an error to tell instead of an event."""
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code, "message": "?"}
    line = json.dumps({"type": "ERROR", "object": status}) + "\n"

    async def fault(_: Exchange) -> web.StreamResponse:
        return web.Response(body=line.encode(), content_type="application/json")

    return fault


def then(fault: Fault, action: Callable[[], None]) -> Fault:
    """The API server does as it is asked; ``action`` follows at once; ``fault`` says what the client hears of it."""

    async def combined(exchange: Exchange) -> web.StreamResponse:
        answer = await exchange.ask()
        await answer.read()
        action()

        async def known() -> aiohttp.ClientResponse:
            return answer

        return await fault(Exchange(exchange.incoming, known))

    return combined


class Proxy:
    """Plain HTTP on ``port``. Set what goes wrong by ``meddle``; nothing does, at first."""

    def __init__(self, kubeconfig: Path) -> None:
        self.port = free_port()
        parsed = json.loads(kubeconfig.read_text("utf-8"))
        cluster = parsed["clusters"][0]["cluster"]
        self._upstream: str = cluster["server"]
        self._trust = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self._kubeconfig = {
            **parsed,
            "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{self.port}"}}],
        }
        self._verdict: Verdict = lambda _: passed
        self._lock = threading.Lock()
        self._seen: list[Request] = []
        self._granted: list[Request] = []
        self._writes = 0
        self._open = 0
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._session: aiohttp.ClientSession | None = None

    def write_kubeconfig(self, path: Path) -> Path:
        """A kubeconfig that leads through here."""
        path.write_text(json.dumps(self._kubeconfig), "utf-8")
        return path

    def meddle(self, verdict: Verdict = lambda _: passed) -> None:
        """From the next request on, ``verdict`` says what becomes of each."""
        with self._lock:
            self._writes = 0
            self._verdict = verdict

    @property
    def seen(self) -> list[Request]:
        """All requests so far, in the order in which they came."""
        with self._lock:
            return list(self._seen)

    @property
    def granted(self) -> list[Request]:
        """Those that the API server did as asked, whatever the client heard of it, in the order of its answers."""
        with self._lock:
            return list(self._granted)

    @property
    def pending(self) -> int:
        """How many requests, watches aside, wait for their answers."""
        return self._open

    def cut_all(self) -> None:
        """Every connection that is open is closed, watches included."""
        self._loop.call_soon_threadsafe(self._abort)

    def go_away(self) -> None:
        """As if there were no API server."""
        self._wait_for(self._stop_listening())

    def come_back(self) -> None:
        self._wait_for(self._listen())

    def _abort(self) -> None:
        assert self._runner is not None
        assert self._runner.server is not None
        for handler in list(self._runner.server.connections):
            if handler.transport is not None:
                handler.transport.abort()

    async def _listen(self) -> None:
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await self._site.start()

    async def _stop_listening(self) -> None:
        assert self._site is not None
        await self._site.stop()
        self._abort()

    async def _start(self) -> None:
        application = web.Application(client_max_size=2**24)
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._trust, limit=0), timeout=aiohttp.ClientTimeout(total=None)
        )
        # A watch whose client is gone must not stay open upstream.
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0)
        await self._runner.setup()
        await self._listen()

    async def _end(self) -> None:
        assert self._runner is not None
        assert self._session is not None
        self._abort()
        await self._runner.cleanup()
        await self._session.close()

    async def _handle(self, incoming: web.Request) -> web.StreamResponse:
        body = await incoming.read()
        with self._lock:
            is_write = incoming.method != "GET"
            self._writes += is_write
            request = Request(
                incoming.method,
                incoming.path,
                incoming.query_string,
                body,
                len(self._seen) + 1,
                self._writes if is_write else 0,
            )
            self._seen.append(request)
            fault = self._verdict(request)
        counted = 0 if request.watches else 1
        self._open += counted
        try:
            async with AsyncExitStack() as answers:

                async def ask() -> aiohttp.ClientResponse:
                    answer = await answers.enter_async_context(self._ask(incoming, body))
                    if answer.ok:
                        with self._lock:
                            self._granted.append(request)
                    return answer

                return await fault(Exchange(incoming, ask))
        except (ConnectionError, aiohttp.ClientConnectionError) as error:
            # The client went away, or was cut off.
            raise web.HTTPServiceUnavailable from error
        finally:
            self._open -= counted

    def _ask(self, incoming: web.Request, body: bytes) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        assert self._session is not None
        headers = {name: value for name, value in incoming.headers.items() if name.lower() not in _PER_HOP}
        url = URL(f"{self._upstream}{incoming.raw_path}", encoded=True)
        return self._session.request(incoming.method, url, headers=headers, data=body or None)

    def _wait_for(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(_PATIENCE)

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        """It serves as long as the context lasts."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        try:
            self._wait_for(self._start())
            yield self
        finally:
            with suppress(TimeoutError):
                self._wait_for(self._end())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()
