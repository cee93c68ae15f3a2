"""Cross-origin resource sharing (the Fetch standard, 3.2): off unless origins are named."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bitcoincache_app.headers import CACHE_STATUS, REQUEST_ID, SERVER_TIMING, TRACEPARENT

_EXPOSED: Final = ", ".join(
    (hdrs.ALLOW, CACHE_STATUS, hdrs.ETAG, hdrs.LOCATION, hdrs.RETRY_AFTER, SERVER_TIMING, REQUEST_ID)
)
_TAKEN: Final = ", ".join((hdrs.CONTENT_TYPE, hdrs.IF_MATCH, hdrs.IF_NONE_MATCH, TRACEPARENT, REQUEST_ID))
_MAX_AGE: Final = "600"
"""Seconds that a browser may keep a preflight's answer."""


def shared_with(origins: Collection[str]) -> Middleware:
    """Lets scripts of these origins read answers and send any request; ``*`` stands for all. No credentials."""

    @web.middleware
    async def shared(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        headers = response.headers
        headers.add(hdrs.VARY, hdrs.ORIGIN)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None or not (origin in origins or "*" in origins):
            return response
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        if request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers:
            headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = headers.get(hdrs.ALLOW, "")
            headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = _TAKEN
            headers[hdrs.ACCESS_CONTROL_MAX_AGE] = _MAX_AGE
        else:
            headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _EXPOSED
        return response

    return shared
