"""The application: what it is made of, and in which order that opens and closes."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from bitcoincache_app import controls, openapi, views
from bitcoincache_app.caching import Caching, open_caching
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.collectors import Reads, of_pool, of_trust
from bitcoincache_app.cross_origin import shared_with
from bitcoincache_app.hot_answers import HotAnswers
from bitcoincache_app.hot_path import HOT_PATH, HotPath
from bitcoincache_app.keys import LEAVING, LIMITS, METRICS, PRIMER, SERVICE, SETTINGS, STORE, TALLY, TRUST
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.middlewares import observed, problems
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import PostgresStore, conninfo, open_store
from bitcoincache_app.postgres_lane import open_lanes
from bitcoincache_app.primer import open_primer
from bitcoincache_app.problems import MAX_BODY
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.startup import until_available
from bitcoincache_app.tally import Tally
from bitcoincache_app.writes import Writes

_log = logging.getLogger(__name__)


def create_app(settings: Settings, limits: Limits) -> web.Application:
    """The backend, ready to be run. It starts whether or not PostgreSQL and Redis are there; /readyz tells."""
    sharing: list[Middleware] = [shared_with(settings.cors_origins)] if settings.cors_origins else []
    app = web.Application(middlewares=[observed, *sharing, problems], client_max_size=MAX_BODY)
    app[METRICS], app[LEAVING], app[SETTINGS], app[LIMITS] = Metrics(), asyncio.Event(), settings, limits
    app.add_routes(views.routes)
    if settings.cache_controls:
        app.add_routes(controls.routes)
    app.add_routes(openapi.routes)
    views.add_options(app.router)
    app.cleanup_ctx.append(_resources(settings, limits))
    return app


def _resources(settings: Settings, limits: Limits) -> Callable[[web.Application], AsyncIterator[None]]:
    async def resources(app: web.Application) -> AsyncIterator[None]:
        clock, metrics = SystemClock(), app[METRICS]
        async with (
            open_store(settings, limits, metrics.queries.observe) as store,
            open_lanes(conninfo(settings, limits), limits, metrics.queries.observe) as lanes,
            open_caching(settings, limits, clock) as caching,
            open_primer(store, caching.records, clock) as primer,
        ):
            writes = Writes(caching.cache, clock)
            service = CacheService(store, caching.cache, writes, clock)
            _watch(metrics, store, caching, service)
            app[STORE], app[TRUST], app[SERVICE], app[PRIMER] = store, caching.trust, service, primer
            if not settings.cors_origins:  # which headers depend on: aiohttp's way knows them
                answers = HotAnswers(metrics, service.outcomes)
                app[HOT_PATH] = HotPath(caching.cache, service, writes, answers, app[LEAVING])
            app[TALLY] = Tally(caching.records, service.outcomes)

            async def start_up() -> None:
                await until_available(lambda: migrate(conninfo(settings, limits)), clock, patience=math.inf)
                # All connections are made now and kept: while the password is being changed there would be no others.
                writes.wake()
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
            await writes.published()
            await app[TALLY].share()

    return resources


def _watch(metrics: Metrics, store: PostgresStore, caching: Caching, service: CacheService) -> None:
    metrics.register(Reads(service.outcomes), *of_pool(store.pool_stats), *of_trust(caching.trust))
    metrics.gauge(
        "bitcoincache_redis_up", "Whether a connection to Redis stands.", lambda: caching.reach.process is not None
    )
    refused = "Values that were read and not cached, because a write or the lease's end came between."
    metrics.counter("bitcoincache_cache_fills_refused", refused, lambda: service.fills_refused)


def _tell_failure(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a background task ended", exc_info=error)
