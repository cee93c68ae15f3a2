"""What the API's description is put together from: headers, parameters, answers, and examples of them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from openapi_pydantic.util import PydanticSchema
from pydantic import BaseModel, TypeAdapter

from bitcoincache_api.http import (
    PROBLEM_CONTENT_TYPE,
    Bitcoin,
    CacheReport,
    Eviction,
    Liveness,
    NewBitcoin,
    PriceUpdate,
    PrimingStart,
    Problem,
    Rank,
    Ranking,
    Readiness,
    Symbol,
)
from bitcoincache_app.problems import MAX_BODY
from bitcoincache_app.refusals import MAX_HEADER, MAX_HEADERS, MAX_TARGET

Json = dict[str, Any]

_STRING: Final = {"type": "string"}
_BTC: Final = {
    "symbol": "BTC",
    "price": 43000,
    "created_at": "2026-01-02T03:04:05.678901Z",
    "updated_at": "2026-02-03T04:05:06.789012Z",
    "version": 7,
}

EXAMPLES: Final[Mapping[type[BaseModel], Json]] = {
    Bitcoin: _BTC,
    NewBitcoin: {"symbol": "BTC", "price": 43000},
    PriceUpdate: {"price": 43000},
    Ranking: {"items": [{**_BTC, "rank": 1}], "total": 1, "limit": 100, "offset": 0, "revision": "1f2e3d4c5b6a7988"},
    Rank: {"symbol": "BTC", "price": 43000, "rank": 1, "total": 100},
    CacheReport: {
        "status": "available",
        "hits": 9,
        "misses": 1,
        "hit_rate": 0.9,
        "keys": 3,
        "last_primed_at": "2026-01-02T03:04:05Z",
        "last_primed_keys": 3,
        "controls": True,
    },
    Eviction: {"symbol": "BTC", "evicted": True},
    PrimingStart: {"began": True},
    Liveness: {"status": "ok"},
    Readiness: {"status": "degraded", "reasons": ["Redis does not answer."]},
}

_PROBLEMS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Not a request that HTTP allows, or a body that is not JSON", "The body is not JSON."),
    404: ("There is no such coin", "There is no coin BTC."),
    408: ("Its head or body took too long to come", "The request's body took too long to come."),
    409: ("There is such a coin already", "BTC exists already; change its price with PUT."),
    412: (
        "If-Match names another version, or If-None-Match asks that there is none",
        "BTC is not of the version that If-Match names; read it again.",
    ),
    413: (f"The body has more than {MAX_BODY} bytes", f"The body is longer than {MAX_BODY} bytes."),
    414: (f"The target has more than {MAX_TARGET} bytes", f"The target has at most {MAX_TARGET} bytes."),
    415: ("The body is not application/json", "Send JSON, as Content-Type: application/json."),
    417: ("Expect asks for something else than 100-continue", "The only expectation that is met here is 100-continue."),
    422: ("A value is not valid; `errors` tells which", "The request has invalid values."),
    431: (
        f"A header has more than {MAX_HEADER} bytes, or there are more than {MAX_HEADERS}",
        f"A request has at most {MAX_HEADERS} headers.",
    ),
    500: ("Something went wrong that nobody foresaw", "Something went wrong here."),
    503: (
        "PostgreSQL does not answer, or, of what can't be done without it, Redis; or too many ask",
        "PostgreSQL does not answer.",
    ),
}
_NOT_OFFERED: Final = (
    "The resource, in spec.cache.controls, does not allow it",
    "There is nothing at this path; /docs lists what there is.",
)
EVERYWHERE: Final = (400, 408, 414, 417, 431, 500, 503)
"""Problems that any request may meet."""

_HEADERS: Final[Json] = {
    "Allow": {"description": "The methods that this path takes", "schema": _STRING, "required": True},
    "Cache-Control": {"description": "Whether an answer may be kept: never without asking again", "schema": _STRING},
    "Cache-Status": {
        "description": "RFC 9211: hit, miss or bypass, and the seconds left",
        "schema": {"type": "string", "pattern": r"^redis; (hit; ttl=\d+|fwd=(uri-miss|bypass)(; stored)?)$"},
        "example": "redis; hit; ttl=3600",
    },
    "Content-Encoding": {"description": "gzip, of a longer list and for clients that take it", "schema": _STRING},
    "ETag": {
        "description": 'A coin\'s version, as in `"v7"`, or a digest of a list',
        "schema": {"type": "string", "pattern": '^"[0-9a-z-]+"$'},
        "example": '"v7"',
    },
    "Location": {"description": "Where the coin is", "schema": _STRING, "example": "/api/v1/bitcoins/BTC"},
    "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}, "example": 1},
    "Server-Timing": {
        "description": "Milliseconds spent on redis, postgres, and in total",
        "schema": _STRING,
        "example": "redis;dur=0.31, total;dur=0.42",
    },
    "Vary": {"description": "Accept-Encoding, of a list; Origin, where other origins are let in", "schema": _STRING},
    "X-Request-Id": {
        "description": "The client's own, if it is sane, or a new one; it is in the log",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        "required": True,
        "example": "f3b0c44298fc1c149afbf4c8996fb924",
    },
}

_PARAMETERS: Final[Json] = {
    "Symbol": {
        "name": "symbol",
        "in": "path",
        "required": True,
        "schema": TypeAdapter(Symbol).json_schema(),
        "example": "BTC",
    },
    "AcceptEncoding": {
        "name": "Accept-Encoding",
        "in": "header",
        "description": "Where it takes gzip, a longer list is packed",
        "schema": _STRING,
        "example": "gzip",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "Only if this is still the ETag; else 412. Weak tags match nothing",
        "schema": _STRING,
        "example": '"v7"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "Answered by 304 where this is still the ETag",
        "schema": _STRING,
        "example": '"v7"',
    },
    "IfAbsent": {
        "name": "If-None-Match",
        "in": "header",
        "description": "Only if there is no such coin; else 412",
        "schema": {"type": "string", "enum": ["*"]},
    },
    "RequestId": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Kept where it has at most 64 letters, digits, dots, dashes or underscores",
        "schema": _STRING,
        "example": "f3b0c44298fc1c149afbf4c8996fb924",
    },
    "Traceparent": {
        "name": "traceparent",
        "in": "header",
        "description": "W3C Trace Context: log lines tell its trace and span",
        "schema": _STRING,
        "example": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
}
ANY_REQUEST: Final = ("RequestId", "Traceparent")
"""Parameters that every operation takes."""


def components() -> Json:
    """What operations refer to."""
    told = {f"Problem{status}": _problem(status, *told) for status, told in _PROBLEMS.items()}
    return {
        "headers": _HEADERS,
        "parameters": _PARAMETERS,
        "responses": {
            **told,
            **{f"{name}Head": bodiless(problem) for name, problem in told.items()},
            "NotOffered": _problem(404, *_NOT_OFFERED),
        },
    }


def parameters(*names: str) -> list[Json]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def headers(*names: str) -> Json:
    """Those of every answer, and these."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-Id", "Server-Timing")}


def takes(model: type[BaseModel]) -> Json:
    return {"required": True, "content": _content(model)}


def answer(status: int, model: type[BaseModel], *names: str) -> Json:
    """By status: what is told, with these headers."""
    description = HTTPStatus(status).phrase
    return {str(status): {"description": description, "headers": headers(*names), "content": _content(model)}}


def problems(*statuses: int) -> Json:
    """By status: these, and those that any request may meet."""
    return {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted({*statuses, *EVERYWHERE})
    }


def offered(responses: Json) -> Json:
    """These, where it is allowed; else 404, as where there is nothing."""
    return {**responses, "404": {"$ref": "#/components/responses/NotOffered"}}


def bodiless(answer: Json) -> Json:
    """The answer as HEAD gets it."""
    if "$ref" in answer:
        return {"$ref": f"{answer['$ref']}Head"}
    return {name: value for name, value in answer.items() if name != "content"}


def _problem(status: int, description: str, detail: str) -> Json:
    example = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        example["errors"] = [{"field": "price", "message": "Input should be greater than or equal to 0"}]
    more = {HTTPStatus.NOT_FOUND: ("Cache-Status",), HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",)}
    return {
        "description": description,
        "headers": headers("Cache-Control", *more.get(HTTPStatus(status), ())),
        "content": {PROBLEM_CONTENT_TYPE: {"schema": PydanticSchema(schema_class=Problem), "example": example}},
    }


def _content(model: type[BaseModel]) -> Json:
    return {"application/json": {"schema": PydanticSchema(schema_class=model), "example": EXAMPLES[model]}}
