"""What views find in the application."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bitcoincache_app.metrics import Metrics
from bitcoincache_app.ports import Cache, Store
from bitcoincache_app.service import CacheService

SERVICE: Final = web.AppKey("service", CacheService)
STORE: Final[web.AppKey[Store]] = web.AppKey("store")
CACHE: Final[web.AppKey[Cache]] = web.AppKey("cache")
METRICS: Final = web.AppKey("metrics", Metrics)
