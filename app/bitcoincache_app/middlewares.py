"""Around every view: request id, timing, metrics and one log line outside; errors as problem details inside."""

from __future__ import annotations

import logging
import time
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from bitcoincache_app.access_log import log_request
from bitcoincache_app.errors import BackendError
from bitcoincache_app.headers import CACHE_STATUS, REQUEST_ID, SERVER_TIMING, TRACEPARENT
from bitcoincache_app.keys import LEAVING, METRICS
from bitcoincache_app.problems import RequestError, of_aiohttp, of_backend, of_request, problem, unforeseen
from bitcoincache_app.request_ids import Identity, current, request_id
from bitcoincache_app.timing import measured, server_timing

_log = logging.getLogger(__name__)


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Gives the request an id, its own if that is sane, and tells headers, metrics and log what it took."""
    given = request.headers
    identity = Identity(request_id(given.get(REQUEST_ID)), given.get(TRACEPARENT))
    current.set(identity)  # for good: aiohttp answers each request in a context of its own
    start = time.perf_counter()
    with measured() as waited:
        response = await handler(request)
    total = time.perf_counter() - start
    headers = response.headers
    headers[REQUEST_ID] = identity.request_id
    headers[SERVER_TIMING] = server_timing({**waited, "total": total})
    if request.app[LEAVING].is_set():
        response.force_close()
    request.app[METRICS].observe(_route(request), request.method, response.status, total, waited)
    log_request(request.method, request.path, response.status, total, headers.get(CACHE_STATUS))
    return response


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes problem details; one that nobody foresaw goes to the log and tells the client nothing."""
    try:
        return await handler(request)
    except RequestError as error:
        return of_request(error, request.path)
    except BackendError as error:
        _log.info("refused", extra={"detail": str(error)})
        return of_backend(error, request.path)
    except web.HTTPException as error:
        return of_aiohttp(error, request.path)
    except (web.RequestPayloadError, ConnectionError):
        return problem(request.path, HTTPStatus.BAD_REQUEST, "The body can't be read as its headers say.")
    except Exception:  # noqa: BLE001 - the last resort, and logged
        _log.exception("unforeseen")
        return unforeseen(request.path)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
