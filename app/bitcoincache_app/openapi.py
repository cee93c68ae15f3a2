"""The API's description: OpenAPI 3.1 made from the models that the views use, and a page that shows it."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from aiohttp import hdrs, web
from openapi_pydantic import OpenAPI
from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class
from pydantic import BaseModel, TypeAdapter

from bitcoincache_api.contract import LIVENESS_PATH, METRICS_PATH, READINESS_PATH
from bitcoincache_api.http import (
    PROBLEM_CONTENT_TYPE,
    Bitcoin,
    CacheReport,
    NewBitcoin,
    PageQuery,
    PriceUpdate,
    Problem,
    Rank,
    Ranking,
    Readiness,
    Symbol,
)
from bitcoincache_app.views import BITCOIN, BITCOINS, CACHE_REPORT, RANK

_Json = dict[str, Any]

_PROBLEMS: Final = {
    400: "The body is not JSON, or not as long as it says",
    404: "There is no such coin",
    409: "There is such a coin already",
    412: "The coin is not of the version that If-Match names",
    413: "The body is too long",
    415: "The body is not application/json",
    422: "A value is not valid; `errors` tells which",
    503: "PostgreSQL does not answer, or, of a write, Redis; try again",
}

_STRING: Final = {"type": "string"}
_ETAG: Final = {"ETag": {"description": "The version, as in `v7`", "schema": _STRING}}
_READ: Final = {
    **_ETAG,
    "Cache-Status": {"description": "RFC 9211: hit, miss or bypass, and the seconds left", "schema": _STRING},
    "Server-Timing": {"description": "Milliseconds spent on redis, postgres, and in total", "schema": _STRING},
}
_SYMBOL: Final = {
    "name": "symbol",
    "in": "path",
    "required": True,
    "schema": TypeAdapter(Symbol).json_schema(),
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "Answered by 304 where this is still the ETag",
    "schema": _STRING,
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "Write only if this is still the coin's ETag",
    "schema": _STRING,
}

_DOCS: Final = Path(__file__).parent / "docs"

routes = web.RouteTableDef()
routes.static("/docs/assets", _DOCS)


@routes.get("/openapi.json")
async def description(_request: web.Request) -> web.Response:
    return web.Response(text=document(), content_type="application/json")


@routes.get("/docs")
async def page(_request: web.Request) -> web.StreamResponse:
    """Loads nothing from other hosts and holds no inline script: the strictest policy in front of it lets it run."""
    headers = {"Content-Security-Policy": "default-src 'self'", hdrs.CACHE_CONTROL: "no-cache"}
    return web.FileResponse(_DOCS / "page.html", headers=headers)


@cache
def document() -> str:
    """The description as JSON."""
    described = OpenAPI.model_validate(
        {
            "info": {
                "title": "BitcoinCache",
                "version": _version(),
                "description": "Coins by price: PostgreSQL keeps them, Redis caches them.",
            },
            "paths": {BITCOINS: _bitcoins(), BITCOIN: _bitcoin(), RANK: _rank(), **_operations()},
        }
    )
    described = construct_open_api_with_schema_class(described, [Problem])
    return described.model_dump_json(by_alias=True, exclude_none=True)


def _bitcoins() -> _Json:
    properties = PageQuery.model_json_schema()["properties"]
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]
    location = {"Location": {"description": "Where the coin is", "schema": _STRING}}
    return {
        "get": {
            "summary": "The ranking by price, highest first, ties by symbol",
            "parameters": [*query, _IF_NONE_MATCH],
            "responses": _answers(200, Ranking, _READ, 422, 503) | _not_modified(),
        },
        "post": {
            "summary": "Add a coin",
            "requestBody": _takes(NewBitcoin),
            "responses": _answers(201, Bitcoin, {**_ETAG, **location}, 400, 409, 413, 415, 422, 503),
        },
    }


def _bitcoin() -> _Json:
    replaced = _answers(200, Bitcoin, _ETAG, 400, 412, 413, 415, 422, 503)
    return {
        "parameters": [_SYMBOL],
        "get": {
            "summary": "One coin",
            "parameters": [_IF_NONE_MATCH],
            "responses": _answers(200, Bitcoin, _READ, 404, 422, 503) | _not_modified(),
        },
        "put": {
            "summary": "Set a coin's price, or add it",
            "parameters": [_IF_MATCH],
            "requestBody": _takes(PriceUpdate),
            "responses": replaced | _answers(201, Bitcoin, _ETAG),
        },
        "delete": {
            "summary": "Remove a coin",
            "parameters": [_IF_MATCH],
            "responses": {"204": {"description": "Removed"}} | _problems(404, 412, 422, 503),
        },
    }


def _rank() -> _Json:
    return {
        "parameters": [_SYMBOL],
        "get": {
            "summary": "The place of one coin in the ranking",
            "parameters": [_IF_NONE_MATCH],
            "responses": _answers(200, Rank, _READ, 404, 422, 503) | _not_modified(),
        },
    }


def _operations() -> _Json:
    def get(summary: str, responses: _Json) -> _Json:
        return {"get": {"summary": summary, "responses": responses}}

    text = {"200": {"description": "Prometheus's text format", "content": {"text/plain": {"schema": _STRING}}}}
    return {
        CACHE_REPORT: get("What the cache does", _answers(200, CacheReport, {})),
        LIVENESS_PATH: get("Whether the process lives", {"200": {"description": "It does"}}),
        READINESS_PATH: get("Whether requests can be served", _answers(200, Readiness, {}, 503)),
        METRICS_PATH: get("Metrics", text),
    }


def _takes(model: type[BaseModel]) -> _Json:
    return {"required": True, "content": {"application/json": {"schema": PydanticSchema(schema_class=model)}}}


def _answers(status: int, model: type[BaseModel], headers: _Json, *problems: int) -> _Json:
    content: _Json = {"application/json": {"schema": PydanticSchema(schema_class=model)}}
    answer = {"description": HTTPStatus(status).phrase, "headers": headers, "content": content}
    return {str(status): answer} | _problems(*problems)


def _problems(*statuses: int) -> _Json:
    content: _Json = {PROBLEM_CONTENT_TYPE: {"schema": PydanticSchema(schema_class=Problem)}}
    return {str(status): {"description": _PROBLEMS[status], "content": content} for status in statuses}


def _not_modified() -> _Json:
    return {"304": {"description": "What the client has is current", "headers": _READ}}


def _version() -> str:
    try:
        return metadata.version("bitcoincache")
    except metadata.PackageNotFoundError:  # an image holds the packages, not the distribution
        return "unreleased"
