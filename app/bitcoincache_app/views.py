"""The views: requests into calls of the service, and its answers into responses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import ETag, hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, TypeAdapter, ValidationError

from bitcoincache_api.contract import API_PREFIX, LIVENESS_PATH, METRICS_PATH, READINESS_PATH
from bitcoincache_api.http import CacheReport, NewBitcoin, PageQuery, PriceUpdate, Readiness, Symbol
from bitcoincache_app.answers import Answer, Outcome, Written
from bitcoincache_app.encoding import version_of
from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.keys import METRICS, SERVICE, STORE, TALLY, TRUST
from bitcoincache_app.problems import RequestError, invalid

_SYMBOL: Final[TypeAdapter[str]] = TypeAdapter(Symbol)
_Body = TypeVar("_Body", bound=BaseModel)

BITCOINS: Final = f"{API_PREFIX}/bitcoins"
BITCOIN: Final = f"{BITCOINS}/{{symbol}}"
RANK: Final = f"{BITCOIN}/rank"
CACHE_REPORT: Final = f"{API_PREFIX}/cache"

_CACHE_STATUS: Final = {
    Outcome.STORED: "redis; fwd=uri-miss; stored",
    Outcome.MISS: "redis; fwd=uri-miss",
    Outcome.BYPASS: "redis; fwd=bypass",
}

routes = web.RouteTableDef()


@routes.get(BITCOINS)
async def ranking(request: web.Request) -> web.Response:
    try:
        page = PageQuery.model_validate(dict(request.query))
    except ValidationError as error:
        raise invalid(error) from error
    return _read(request, await request.app[SERVICE].ranking(page.limit, page.offset))


@routes.get(BITCOIN)
async def one(request: web.Request) -> web.Response:
    return _read(request, await request.app[SERVICE].coin(_symbol(request)))


@routes.get(RANK)
async def rank(request: web.Request) -> web.Response:
    return _read(request, await request.app[SERVICE].rank(_symbol(request)))


@routes.post(BITCOINS)
async def create(request: web.Request) -> web.Response:
    new = await _body(request, NewBitcoin)
    written = await request.app[SERVICE].create(new.symbol, new.price)
    return _written(written, new.symbol)


@routes.put(BITCOIN)
async def put(request: web.Request) -> web.Response:
    symbol = _symbol(request)
    price = (await _body(request, PriceUpdate)).price
    service = request.app[SERVICE]
    if request.if_match is None:
        return _written(await service.put(symbol, price), symbol)
    return _written(await service.update(symbol, price, _versions(request.if_match)), symbol)


@routes.delete(BITCOIN)
async def delete(request: web.Request) -> web.Response:
    versions = None if request.if_match is None else _versions(request.if_match)
    await request.app[SERVICE].delete(_symbol(request), versions)
    return web.Response(status=HTTPStatus.NO_CONTENT)


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
    )
    return _model(report)


@routes.get(LIVENESS_PATH)
async def live(_request: web.Request) -> web.Response:
    """Touches nothing: restarting this process heals neither PostgreSQL nor Redis."""
    return web.json_response({"status": "ok"})


@routes.get(READINESS_PATH)
async def ready(request: web.Request) -> web.Response:
    """Without PostgreSQL, and where others use a Redis that can't be reached from here: 503, by the error raised."""
    await request.app[STORE].ping()
    trust = request.app[TRUST]
    if trust.is_isolated:
        raise CacheUnavailableError("Other replicas use a Redis that this one can't reach.")
    if not trust.serves_hits:
        return _model(Readiness(status="degraded", reasons=["Redis can't be used now; PostgreSQL answers."]))
    return _model(Readiness(status="ok", reasons=[]))


@routes.get(METRICS_PATH)
async def metrics(request: web.Request) -> web.Response:
    body = request.app[METRICS].exposition()
    return web.Response(body=body, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})


def cache_status(answer: Answer) -> str:
    """A Cache-Status header's value (RFC 9211)."""
    if answer.outcome is Outcome.HIT:
        return f"redis; hit; ttl={answer.ttl}"
    return _CACHE_STATUS[answer.outcome]


def _read(request: web.Request, answer: Answer) -> web.Response:
    # no-cache: whoever keeps this answer has to ask before using it again, or it could be stale.
    headers = {
        hdrs.ETAG: f'"{answer.tag}"',
        hdrs.CACHE_CONTROL: "no-cache",
        "Cache-Status": cache_status(answer),
    }
    if any(tag.value in ("*", answer.tag) for tag in request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=answer.body, content_type="application/json", headers=headers)


def _written(written: Written, symbol: str) -> web.Response:
    headers = {hdrs.ETAG: f'"{written.tag}"'}
    if written.created:
        headers[hdrs.LOCATION] = BITCOIN.format(symbol=symbol)
    status = HTTPStatus.CREATED if written.created else HTTPStatus.OK
    return web.Response(status=status, body=written.body, content_type="application/json", headers=headers)


def _model(model: BaseModel) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(text=model.model_dump_json(), content_type="application/json", headers=headers)


def _symbol(request: web.Request) -> str:
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
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise invalid(error, "body") from error
