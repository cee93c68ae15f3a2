"""The application: what it is made of, and in which order that opens and closes."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from bitcoincache_app import openapi, views
from bitcoincache_app.caching import open_caching
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.hot_answers import HotAnswers
from bitcoincache_app.hot_path import HOT_PATH, HotPath
from bitcoincache_app.keys import LEAVING, METRICS, SERVICE, STORE, TALLY, TRUST
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.middlewares import observed, problems
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import conninfo, open_store
from bitcoincache_app.postgres_lane import open_lanes
from bitcoincache_app.problems import MAX_BODY
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.startup import until_available
from bitcoincache_app.tally import Tally
from bitcoincache_app.writes import Writes

_log = logging.getLogger(__name__)


def create_app(settings: Settings, limits: Limits) -> web.Application:
    """The backend, ready to be run. It starts whether or not PostgreSQL and Redis are there; /readyz tells."""
    app = web.Application(middlewares=[observed, problems], client_max_size=MAX_BODY)
    app[METRICS], app[LEAVING] = Metrics(), asyncio.Event()
    app.add_routes(views.routes)
    app.add_routes(openapi.routes)
    app.cleanup_ctx.append(_resources(settings, limits))
    return app


def _resources(settings: Settings, limits: Limits) -> Callable[[web.Application], AsyncIterator[None]]:
    async def resources(app: web.Application) -> AsyncIterator[None]:
        clock = SystemClock()
        async with (
            open_store(settings, limits) as store,
            open_lanes(conninfo(settings, limits), limits) as lanes,
            open_caching(settings, limits, clock) as caching,
        ):
            writes = Writes(caching.cache, clock)
            service = CacheService(store, caching.cache, writes, clock)
            app[METRICS].count_reads(service.outcomes)
            app[STORE], app[TRUST], app[SERVICE] = store, caching.trust, service
            answers = HotAnswers(app[METRICS], service.outcomes)
            app[HOT_PATH] = HotPath(caching.cache, answers, app[LEAVING])
            app[TALLY] = Tally(caching.records, service.outcomes)

            async def start_up() -> None:
                await until_available(lambda: migrate(conninfo(settings, limits)), clock, patience=math.inf)
                # All connections are made now and kept: while the password is being changed there would be no others.
                for lane in lanes:
                    await until_available(lane.connect, clock, patience=math.inf)
                await caching.keep_trust()

            background = [
                asyncio.create_task(start_up()),
                asyncio.create_task(app[TALLY].keep_sharing(clock)),
                *(asyncio.create_task(writes.carry_out(lane)) for lane in lanes),
            ]
            for task in background:
                task.add_done_callback(_tell_failure)
            yield
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await app[TALLY].share()

    return resources


def _tell_failure(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a background task ended", exc_info=error)
