"""The API's description: OpenAPI 3.1 made from the models that the views use, and a page that shows it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Final

from aiohttp import hdrs, web
from openapi_pydantic import OpenAPI
from openapi_pydantic.util import construct_open_api_with_schema_class
from pydantic import BaseModel

from bitcoincache_api.contract import LIVENESS_PATH, METRICS_PATH, READINESS_PATH
from bitcoincache_api.http import (
    Bitcoin,
    CacheReport,
    Eviction,
    Liveness,
    NewBitcoin,
    PageQuery,
    PriceUpdate,
    PrimingStart,
    Rank,
    Ranking,
    Readiness,
)
from bitcoincache_app.description import (
    ANY_REQUEST,
    Json,
    answer,
    bodiless,
    components,
    headers,
    offered,
    parameters,
    problems,
    takes,
)
from bitcoincache_app.version import version
from bitcoincache_app.views import BITCOIN, BITCOINS, CACHE_REPORT, CACHED_BITCOIN, CONTROLS, PRIMING, RANK

_DOCS: Final = Path(__file__).parent / "docs"

_READ: Final = ("ETag", "Cache-Status", "Cache-Control")
_LIST: Final = ("Content-Encoding", "Vary")

routes = web.RouteTableDef()
routes.static("/docs/assets", _DOCS)


@routes.get("/openapi.json")
async def description(_request: web.Request) -> web.Response:
    return web.Response(text=document(), content_type="application/json")


@routes.get("/docs")
async def page(_request: web.Request) -> web.StreamResponse:
    """Loads nothing from other hosts and holds no inline script: the strictest policy in front of it lets it run."""
    policy = {"Content-Security-Policy": "default-src 'self'", hdrs.CACHE_CONTROL: "no-cache"}
    return web.FileResponse(_DOCS / "page.html", headers=policy)


@cache
def document() -> str:
    """The description as JSON."""
    described = OpenAPI.model_validate(
        {
            "info": {
                "title": "BitcoinCache",
                "version": version(),
                "description": "Coins by price: PostgreSQL keeps them, Redis caches them.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
            "tags": [
                {"name": "coins", "description": "Coins and their ranking"},
                {"name": "operations", "description": "How the service does"},
            ],
            "paths": {path: _complete(path, operations) for path, operations in _paths().items()},
            "components": components(),
        }
    )
    described = construct_open_api_with_schema_class(described)
    return described.model_dump_json(by_alias=True, exclude_none=True)


def _paths() -> Json:
    return {
        BITCOINS: _bitcoins(),
        BITCOIN: _bitcoin(),
        RANK: _rank(),
        CACHE_REPORT: {"get": _report("getCacheReport", "What the cache does", CacheReport)},
        CACHED_BITCOIN: {"delete": _eviction()},
        PRIMING: {"post": _priming()},
        LIVENESS_PATH: {"get": _report("getLiveness", "Whether the process lives", Liveness)},
        READINESS_PATH: {"get": _report("getReadiness", "Whether requests can be served", Readiness)},
        METRICS_PATH: {"get": _metrics()},
    }


def _complete(path: str, operations: Json) -> Json:
    """The path with what holds for all: HEAD as GET without a body, OPTIONS, and the headers that any request takes."""
    of_a_coin = "{symbol}" in path
    told = {
        "204": {"description": "They are in Allow", "headers": headers("Allow")},
        **problems(*((422,) if of_a_coin else ())),
    }
    options = {
        "operationId": f"options{_subject(operations)}",
        "summary": "The methods that this path takes",
        "responses": offered(told) if path in CONTROLS else told,
    }
    tag = "coins" if path.startswith(BITCOINS) else "operations"
    tagged = {
        method: {"tags": [tag], **operation}
        for method, operation in {**operations, **_head(operations), "options": options}.items()
    }
    path_parameters = parameters(*(("Symbol",) if of_a_coin else ()), *ANY_REQUEST)
    return {"parameters": path_parameters, **tagged}


def _subject(operations: Json) -> str:
    """What the ids of a path's operations are about: they begin with a verb in lower case."""
    first = next(iter(operations.values()))
    return str(first["operationId"]).lstrip(ascii_lowercase)


def _head(operations: Json) -> Json:
    if "get" not in operations:
        return {}
    get = operations["get"]
    responses = {status: bodiless(told) for status, told in get["responses"].items()}
    operation_id = f"head{_subject(operations)}"
    return {"head": {**get, "operationId": operation_id, "summary": "As GET, without a body", "responses": responses}}


def _bitcoins() -> Json:
    properties = PageQuery.model_json_schema()["properties"]
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]
    return {
        "get": {
            "operationId": "getBitcoins",
            "summary": "The ranking by price, highest first, ties by symbol",
            "parameters": [*query, *parameters("IfMatch", "IfNoneMatch", "AcceptEncoding")],
            "responses": answer(200, Ranking, *_READ, *_LIST) | _not_modified("Vary") | problems(412, 422),
        },
        "post": {
            "operationId": "createBitcoin",
            "summary": "Add a coin",
            "requestBody": takes(NewBitcoin),
            "responses": answer(201, Bitcoin, "ETag", "Location") | problems(409, 413, 415, 422),
        },
    }


def _bitcoin() -> Json:
    put = answer(200, Bitcoin, "ETag") | answer(201, Bitcoin, "ETag", "Location")
    return {
        "get": {
            "operationId": "getBitcoin",
            "summary": "One coin",
            "parameters": parameters("IfMatch", "IfNoneMatch"),
            "responses": answer(200, Bitcoin, *_READ) | _not_modified() | problems(404, 412, 422),
        },
        "put": {
            "operationId": "putBitcoin",
            "summary": "Set a coin's price, or add it",
            "parameters": parameters("IfMatch", "IfAbsent"),
            "requestBody": takes(PriceUpdate),
            "responses": put | problems(412, 413, 415, 422),
        },
        "delete": {
            "operationId": "deleteBitcoin",
            "summary": "Remove a coin",
            "parameters": parameters("IfMatch"),
            "responses": {"204": {"description": "Removed", "headers": headers()}, **problems(404, 412, 422)},
        },
    }


def _rank() -> Json:
    return {
        "get": {
            "operationId": "getRank",
            "summary": "The place of one coin in the ranking",
            "parameters": parameters("IfMatch", "IfNoneMatch"),
            "responses": answer(200, Rank, *_READ) | _not_modified() | problems(404, 412, 422),
        },
    }


def _eviction() -> Json:
    return {
        "operationId": "evictCachedBitcoin",
        "summary": "Remove a coin's value from the cache, and nothing else: the next read is a miss",
        "responses": offered(answer(200, Eviction, "Cache-Control") | problems(422)),
    }


def _priming() -> Json:
    return {
        "operationId": "beginPriming",
        "summary": "Begin to read every coin into the cache anew, in the background",
        "responses": offered(answer(202, PrimingStart, "Cache-Control") | problems()),
    }


def _report(operation: str, summary: str, model: type[BaseModel]) -> Json:
    return {"operationId": operation, "summary": summary, "responses": answer(200, model, "Cache-Control") | problems()}


def _metrics() -> Json:
    text = {"text/plain": {"schema": {"type": "string"}, "example": "bitcoincache_redis_up 1.0\n"}}
    told = {"description": "Prometheus's text format", "headers": headers(), "content": text}
    return {"operationId": "getMetrics", "summary": "Metrics", "responses": {"200": told, **problems()}}


def _not_modified(*more: str) -> Json:
    return {"304": {"description": "What the client has is current", "headers": headers(*_READ, *more)}}
