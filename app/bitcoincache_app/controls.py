"""The views of the cache's controls, for those who learn how it works. Only where the settings allow them."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bitcoincache_api.http import Eviction, PrimingStart
from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.keys import PRIMER, SERVICE, TRUST
from bitcoincache_app.views import CACHED_BITCOIN, PRIMING, answered, symbol_of

routes = web.RouteTableDef()


@routes.delete(CACHED_BITCOIN)
async def evict(request: web.Request) -> web.Response:
    symbol = symbol_of(request)
    return answered(Eviction(symbol=symbol, evicted=await request.app[SERVICE].evict(symbol)))


@routes.post(PRIMING)
async def begin_priming(request: web.Request) -> web.Response:
    """Only where it can succeed: nobody waits for it who could be told that it didn't."""
    if not request.app[TRUST].serves_hits:
        raise CacheUnavailableError("There is no Redis now that can be primed.")
    return answered(PrimingStart(began=request.app[PRIMER].begin()), HTTPStatus.ACCEPTED)
