"""What views find in the application."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from bitcoincache_app.metrics import Metrics
from bitcoincache_app.ports import Store
from bitcoincache_app.primer import Primer
from bitcoincache_app.service import CacheService
from bitcoincache_app.settings import Limits, Settings
from bitcoincache_app.tally import Tally
from bitcoincache_app.trust import Trust

SERVICE: Final = web.AppKey("service", CacheService)
STORE: Final[web.AppKey[Store]] = web.AppKey("store")
TRUST: Final = web.AppKey("trust", Trust)
TALLY: Final = web.AppKey("tally", Tally)
PRIMER: Final = web.AppKey("primer", Primer)
SETTINGS: Final = web.AppKey("settings", Settings)
LIMITS: Final = web.AppKey("limits", Limits)
METRICS: Final = web.AppKey("metrics", Metrics)

LEAVING: Final = web.AppKey("leaving", asyncio.Event)
"""Set when the process is about to end: each answer then asks its client to use the connection no more."""
