"""Around every view: request id, timing, metrics and one log line outside; errors as problem details inside."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bitcoincache_api.contract import LIVENESS_PATH, METRICS_PATH, READINESS_PATH
from bitcoincache_app.errors import BackendError
from bitcoincache_app.keys import LEAVING, METRICS
from bitcoincache_app.problems import RequestError, of_aiohttp, of_backend, problem
from bitcoincache_app.timing import measured, server_timing

_log = logging.getLogger("bitcoincache_app.access")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REQUEST_ID: Final = web.RequestKey("request_id", str)
_SANE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_QUIET: Final = frozenset({LIVENESS_PATH, READINESS_PATH, METRICS_PATH})


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Gives the request an id, its own if that is sane, and tells headers, metrics and log what it took."""
    request_id = _request_id(request)
    request[REQUEST_ID] = request_id
    start = time.perf_counter()
    with measured() as waited:
        response = await handler(request)
    total = time.perf_counter() - start
    response.headers["X-Request-Id"] = request_id
    response.headers["Server-Timing"] = server_timing({**waited, "total": total})
    if request.app[LEAVING].is_set():
        response.force_close()
    route = _route(request)
    request.app[METRICS].observe(route, request.method, response.status, total, waited)
    cache = response.headers.get("Cache-Status", "")
    # A hit is counted, not told: writing its line would take as long as answering it.
    quiet = response.status < HTTPStatus.BAD_REQUEST and (route in _QUIET or cache.startswith("redis; hit"))
    _log.log(
        logging.DEBUG if quiet else logging.INFO,
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "status": response.status,
            "duration_ms": round(total * 1000, 2),
            "cache": cache or None,
            "request_id": request_id,
        },
    )
    return response


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes problem details; one that nobody foresaw goes to the log and tells the client nothing."""
    try:
        return await handler(request)
    except RequestError as error:
        return problem(request.path, error.status, str(error), error.errors)
    except BackendError as error:
        _log.info("refused", extra={"detail": str(error), "request_id": request[REQUEST_ID]})
        return of_backend(error, request.path)
    except web.HTTPException as error:
        return of_aiohttp(error, request.path)
    except (web.RequestPayloadError, ConnectionError):
        return problem(request.path, HTTPStatus.BAD_REQUEST, "The body can't be read as its headers say.")
    except Exception:  # noqa: BLE001 - the last resort, and logged
        _log.exception("unforeseen", extra={"request_id": request[REQUEST_ID]})
        detail = "Something went wrong here. The log has it under this request's X-Request-Id."
        return problem(request.path, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def _request_id(request: web.Request) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
