"""The views: requests into calls of the service, and its answers into responses."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import ETag, hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, TypeAdapter, ValidationError

from bitcoincache_api.contract import API_PREFIX, LIVENESS_PATH, METRICS_PATH, READINESS_PATH
from bitcoincache_api.http import (
    CacheReport,
    FieldError,
    Liveness,
    NewBitcoin,
    PageQuery,
    PriceUpdate,
    Readiness,
    Symbol,
)
from bitcoincache_app.answers import Answer, Written
from bitcoincache_app.encoding import packed, version_of
from bitcoincache_app.errors import AlreadyExistsError, CacheUnavailableError
from bitcoincache_app.headers import CACHE_STATUS, accepts_gzip, cache_status
from bitcoincache_app.keys import LIMITS, METRICS, SERVICE, SETTINGS, STORE, TALLY, TRUST
from bitcoincache_app.problems import RequestError, allowed, invalid
from bitcoincache_app.service import CacheService

_SYMBOL: Final[TypeAdapter[str]] = TypeAdapter(Symbol)
_Body = TypeVar("_Body", bound=BaseModel)

BITCOINS: Final = f"{API_PREFIX}/bitcoins"
BITCOIN: Final = f"{BITCOINS}/{{symbol}}"
RANK: Final = f"{BITCOIN}/rank"
CACHE_REPORT: Final = f"{API_PREFIX}/cache"
CACHED_BITCOIN: Final = f"{CACHE_REPORT}/bitcoins/{{symbol}}"
PRIMING: Final = f"{CACHE_REPORT}/priming"
CONTROLS: Final = (CACHED_BITCOIN, PRIMING)
"""Paths that are there where the settings allow it."""

PACKED_FROM: Final = 1024
"""Bytes of a list from which it is packed for clients that take gzip: below, the headers weigh more."""

routes = web.RouteTableDef()


@routes.get(BITCOINS)
async def ranking(request: web.Request) -> web.Response:
    try:
        page = PageQuery.model_validate(dict(request.query))
    except ValidationError as error:
        raise invalid(error) from error
    return _read_list(request, await request.app[SERVICE].ranking(page.limit, page.offset))


@routes.post(BITCOINS)
async def create(request: web.Request) -> web.Response:
    new = await _body(request, NewBitcoin)
    written = await request.app[SERVICE].create(new.symbol, new.price)
    return _written(written, new.symbol)


@routes.get(BITCOIN)
async def one(request: web.Request) -> web.Response:
    return _read(request, await request.app[SERVICE].coin(symbol_of(request)))


@routes.put(BITCOIN)
async def put(request: web.Request) -> web.Response:
    symbol = symbol_of(request)
    price = (await _body(request, PriceUpdate)).price
    service = request.app[SERVICE]
    if _only_where_absent(request):
        return _written(await _create_by_put(service, symbol, price, request.if_match), symbol)
    if request.if_match is None:
        return _written(await service.put(symbol, price), symbol)
    return _written(await service.update(symbol, price, _versions(request.if_match)), symbol)


@routes.delete(BITCOIN)
async def delete(request: web.Request) -> web.Response:
    symbol = symbol_of(request)
    if _only_where_absent(request):
        raise RequestError(HTTPStatus.PRECONDITION_FAILED, "What does not exist can't be deleted.")
    versions = None if request.if_match is None else _versions(request.if_match)
    await request.app[SERVICE].delete(symbol, versions)
    return web.Response(status=HTTPStatus.NO_CONTENT)


@routes.get(RANK)
async def rank(request: web.Request) -> web.Response:
    return _read(request, await request.app[SERVICE].rank(symbol_of(request)))


@routes.get(CACHE_REPORT)
async def cache_report(request: web.Request) -> web.Response:
    state, reads = await request.app[TALLY].report()
    primed = state.primed if state else None
    report = CacheReport(
        status="available" if state else "unavailable",
        hits=reads.hits,
        misses=reads.misses,
        hit_rate=reads.hits / (reads.hits + reads.misses) if reads.hits + reads.misses else None,
        keys=state.keys if state else None,
        last_primed_at=primed.primed_at if primed else None,
        last_primed_keys=primed.keys if primed else None,
        controls=request.app[SETTINGS].cache_controls,
    )
    return answered(report)


@routes.get(LIVENESS_PATH)
async def live(_request: web.Request) -> web.Response:
    """Touches nothing: restarting this process heals neither PostgreSQL nor Redis."""
    return answered(Liveness(status="ok"))


@routes.get(READINESS_PATH)
async def ready(request: web.Request) -> web.Response:
    """Without PostgreSQL, and where others use a Redis that can't be reached from here: 503, by the error raised."""
    await request.app[STORE].ping()
    trust = request.app[TRUST]
    if trust.is_isolated:
        raise CacheUnavailableError("Other replicas use a Redis that this one can't reach.")
    if not trust.serves_hits:
        return answered(Readiness(status="degraded", reasons=["Redis can't be used now; PostgreSQL answers."]))
    return answered(Readiness(status="ok", reasons=[]))


@routes.get(METRICS_PATH)
async def metrics(request: web.Request) -> web.Response:
    body = request.app[METRICS].exposition()
    return web.Response(body=body, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})


def add_options(router: web.UrlDispatcher) -> None:
    """Lets every path that is there tell its methods."""
    for resource in list(router.resources()):
        if isinstance(resource, web.StaticResource):
            resource.set_options_route(options)
        elif isinstance(resource, web.Resource):
            resource.add_route(hdrs.METH_OPTIONS, options)


async def options(request: web.Request) -> web.Response:
    """What can't be a coin's path has no methods: it is told so as by any other."""
    if "symbol" in request.match_info:
        symbol_of(request)
    methods = {route.method for route in request.match_info.route.resource or ()}
    return web.Response(status=HTTPStatus.NO_CONTENT, headers={hdrs.ALLOW: allowed(methods)})


def _read(request: web.Request, answer: Answer) -> web.Response:
    headers = _headers_of_read(answer, answer.tag)
    return _unless_current(request, answer.tag, answer.body, headers)


def _read_list(request: web.Request, answer: Answer) -> web.Response:
    """As ``_read``, packed where that is worth it.

    The packed bytes are another representation: they have a strong tag of their own (RFC 9110, 8.8.3.3).
    """
    packs = len(answer.body) >= PACKED_FROM and accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING))
    tag = f"{answer.tag}-gzip" if packs else answer.tag
    headers = _headers_of_read(answer, tag)
    headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if packs:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    return _unless_current(request, tag, packed(answer.body) if packs else answer.body, headers)


def _headers_of_read(answer: Answer, tag: str) -> dict[str, str]:
    # no-cache: whoever keeps this answer has to ask before using it again, or it could be stale.
    return {
        hdrs.ETAG: f'"{tag}"',
        hdrs.CACHE_CONTROL: "no-cache",
        CACHE_STATUS: cache_status(answer.outcome, answer.ttl),
    }


def _unless_current(request: web.Request, tag: str, body: bytes, headers: dict[str, str]) -> web.Response:
    """The body, or why not: preconditions in the order of RFC 9110, 13.2.2."""
    wanted = request.if_match
    if wanted is not None and not any(one.value in ("*", tag) and not one.is_weak for one in wanted):
        detail = "The ETag is none of those that If-Match names."
        raise RequestError(HTTPStatus.PRECONDITION_FAILED, detail)
    if any(one.value in ("*", tag) for one in request.if_none_match or ()):
        headers.pop(hdrs.CONTENT_ENCODING, None)
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, content_type="application/json", headers=headers)


def _only_where_absent(request: web.Request) -> bool:
    """Of a write: whether it has ``If-None-Match: *``, the only one that it may have."""
    condition = request.headers.get(hdrs.IF_NONE_MATCH)
    if condition is None:
        return False
    if condition.strip() != "*":
        error = FieldError(field=hdrs.IF_NONE_MATCH, message="A write takes * alone: only where there is no such coin")
        raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has invalid values.", [error])
    return True


async def _create_by_put(service: CacheService, symbol: str, price: int, if_match: tuple[ETag, ...] | None) -> Written:
    if if_match is not None:
        raise RequestError(HTTPStatus.PRECONDITION_FAILED, "No coin is both there and not there.")
    try:
        return await service.create(symbol, price)
    except AlreadyExistsError as error:
        detail = f"{symbol} exists already, and If-None-Match asks that it doesn't."
        raise RequestError(HTTPStatus.PRECONDITION_FAILED, detail) from error


def _written(written: Written, symbol: str) -> web.Response:
    headers = {hdrs.ETAG: f'"{written.tag}"'}
    if written.created:
        headers[hdrs.LOCATION] = BITCOIN.format(symbol=symbol)
    status = HTTPStatus.CREATED if written.created else HTTPStatus.OK
    return web.Response(status=status, body=written.body, content_type="application/json", headers=headers)


def answered(model: BaseModel, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """What holds for this moment alone, so that nobody may keep it."""
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    body = model.model_dump_json()
    return web.Response(status=status, text=body, content_type="application/json", headers=headers)


def symbol_of(request: web.Request) -> str:
    """The path's. Raises RequestError where it can't be a coin's."""
    try:
        return _SYMBOL.validate_python(request.match_info["symbol"])
    except ValidationError as error:
        raise invalid(error, "symbol") from error


def _versions(tags: tuple[ETag, ...]) -> list[int] | None:
    """The versions that If-Match names; None for ``*``. A weak tag, or one that is not ours, matches none."""
    if any(tag.value == "*" for tag in tags):
        return None
    versions = (version_of(tag.value) for tag in tags if not tag.is_weak)
    return [version for version in versions if version is not None]


async def _body(request: web.Request, model: type[_Body]) -> _Body:
    if request.content_type != "application/json" or (request.charset or "utf-8").lower() != "utf-8":
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, as Content-Type: application/json.")
    try:
        async with asyncio.timeout(request.app[LIMITS].body):
            body = await request.read()
        return model.model_validate_json(body)
    except TimeoutError as error:
        raise RequestError(HTTPStatus.REQUEST_TIMEOUT, "The request's body took too long to come.") from error
    except ValidationError as error:
        raise invalid(error, "body") from error
