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
"""Longer than any single visit may take, twice over: by then nothing works the queue off any more."""


@asynccontextmanager
async def serving(port: int, registry: CollectorRegistry, longest_wait: Callable[[], float]) -> AsyncIterator[None]:
    """Serves both for as long as the context lasts. Raises OSError where the port is taken."""

    async def healthz(_: web.Request) -> web.Response:
        wait = longest_wait()
        if wait > STALLED_SECONDS:
            return web.Response(text=f"a resource has waited for {wait:.0f} s\n", status=HTTPStatus.SERVICE_UNAVAILABLE)
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
