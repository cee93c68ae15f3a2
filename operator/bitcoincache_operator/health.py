"""``/healthz`` and ``/metrics``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

STALLED_SECONDS: Final = 300.0
"""Longer than any single visit may take, twice over: where none ends for so long, none is under way."""


@asynccontextmanager
async def serving(port: int, registry: CollectorRegistry, stalled_for: Callable[[], float]) -> AsyncIterator[None]:
    """Serves both for as long as the context lasts. Raises OSError where the port is taken.

    ``stalled_for`` gives the seconds for which there has been work to do, and none of it was done.
    """

    async def healthz(_: web.Request) -> web.Response:
        stalled = stalled_for()
        if stalled > STALLED_SECONDS:
            told = f"resources wait, and for {stalled:.0f} s no visit has ended\n"
            return web.Response(text=told, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(text="ok\n")

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    application = web.Application()
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/metrics", metrics)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, port=port).start()
        yield
    finally:
        await runner.cleanup()
