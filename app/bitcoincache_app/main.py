"""The application: what it is made of, and in which order that opens and closes."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from bitcoincache_app import openapi, views
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.collectors import Reads, of_pool
from bitcoincache_app.cross_origin import shared_with
from bitcoincache_app.keys import CACHE, LEAVING, LIMITS, METRICS, SERVICE, STORE, TALLY
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.middlewares import observed, problems
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import PostgresStore, conninfo, open_store
from bitcoincache_app.problems import MAX_BODY
from bitcoincache_app.redis_cache import RedisCache, open_cache
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.startup import until_available
from bitcoincache_app.tally import Tally

_log = logging.getLogger(__name__)


def create_app(settings: Settings, limits: Limits) -> web.Application:
    """The backend, ready to be run. It starts whether or not PostgreSQL and Redis are there; /readyz tells."""
    sharing: list[Middleware] = [shared_with(settings.cors_origins)] if settings.cors_origins else []
    app = web.Application(middlewares=[observed, *sharing, problems], client_max_size=MAX_BODY)
    app[METRICS], app[LEAVING], app[LIMITS] = Metrics(), asyncio.Event(), limits
    app.add_routes(views.routes)
    app.add_routes(openapi.routes)
    views.add_options(app.router)
    app.cleanup_ctx.append(_resources(settings, limits))
    return app


def _resources(settings: Settings, limits: Limits) -> Callable[[web.Application], AsyncIterator[None]]:
    async def resources(app: web.Application) -> AsyncIterator[None]:
        clock = SystemClock()
        async with (
            open_store(settings, limits, app[METRICS].queries.observe) as store,
            open_cache(settings.redis_host, settings.redis_port, settings.cache_ttl, clock, limits) as cache,
        ):
            service = CacheService(store, cache, clock)
            _watch(app[METRICS], store, cache, service)
            app[STORE], app[CACHE], app[SERVICE] = store, cache, service
            app[TALLY] = Tally(cache, service.outcomes)
            migrate_once = until_available(lambda: migrate(conninfo(settings, limits)), clock, patience=math.inf)
            background = [
                asyncio.create_task(migrate_once),
                asyncio.create_task(app[TALLY].keep_sharing(clock)),
            ]
            for task in background:
                task.add_done_callback(_tell_failure)
            yield
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await app[TALLY].share()

    return resources


def _watch(metrics: Metrics, store: PostgresStore, cache: RedisCache, service: CacheService) -> None:
    metrics.register(Reads(service.outcomes), *of_pool(store.pool_stats))
    metrics.gauge("bitcoincache_redis_up", "Whether reads are asked of Redis.", lambda: cache.is_up)
    refused = "Values that were read and not cached, because a write or the lease's end came between."
    metrics.counter("bitcoincache_cache_fills_refused", refused, lambda: service.fills_refused)


def _tell_failure(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a background task ended", exc_info=error)
