"""The REST API's models: what clients send and get."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MAX_PRICE: Final = 2_147_483_647
"""PostgreSQL's INTEGER."""

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1000
MAX_OFFSET: Final = 2_147_483_647
PROBLEM_CONTENT_TYPE: Final = "application/problem+json"

OUTCOME_UNKNOWN: Final = "tag:bitcoincache.dev,2026:outcome-unknown"
"""The type of the problem that a write may or may not have been made (a tag URI, RFC 4151). Others changed nothing."""

Symbol = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9]{1,10}$"),
    Field(description="Letters and digits, at most ten; made upper-case", examples=["BTC"]),
]


def _whole(number: object) -> object:
    """JSON has numbers of one kind: 43000.0 is an integer (JSON Schema 2020-12, Validation, 6.1.1)."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Price = Annotated[
    int,
    Field(strict=True, ge=0, le=MAX_PRICE, description="Whole units, 0 to 2147483647", examples=[43000]),
    BeforeValidator(_whole),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewBitcoin(_Body):
    """Body of POST /bitcoins."""

    symbol: Symbol
    price: Price


class PriceUpdate(_Body):
    """Body of PUT /bitcoins/{symbol}."""

    price: Price


class PageQuery(BaseModel):
    """Query of GET /bitcoins."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many coins")] = DEFAULT_LIMIT
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET, description="How many to leave out first")] = 0


class Bitcoin(BaseModel):
    """One coin. ``version`` counts its writes and is what its ETag carries.

    ``version`` stays the last member: the ETag of a cached coin is read off the end of its JSON.
    """

    symbol: str
    price: int
    created_at: datetime
    updated_at: datetime
    version: int


class RankedBitcoin(Bitcoin):
    """One coin and its place in the ranking, from 1."""

    rank: int


class Ranking(BaseModel):
    """A page of the ranking by price, highest first, ties by symbol; ``total`` counts all coins.

    ``revision`` is a digest of the rest. It stays the last member: the ETag of a cached page is read off the end of its
    JSON.
    """

    items: list[RankedBitcoin]
    total: int
    limit: int
    offset: int
    revision: str


class Rank(BaseModel):
    """GET /bitcoins/{symbol}/rank: the place of one coin in the ranking, from 1, among ``total`` coins."""

    symbol: str
    price: int
    rank: int
    total: int


class CacheReport(BaseModel):
    """GET /cache. ``hit_rate`` is 0 to 1, or null before the first read.

    ``hits`` and ``misses`` are those of all replicas since Redis began, the last second of other replicas aside.
    ``controls``: whether keys may be evicted and primings begun here.
    """

    status: Literal["available", "unavailable"]
    hits: int
    misses: int
    hit_rate: float | None
    keys: int | None
    last_primed_at: datetime | None
    last_primed_keys: int | None
    controls: bool


class Eviction(BaseModel):
    """DELETE /cache/bitcoins/{symbol}. ``evicted`` is false where the cache held no value of this coin."""

    symbol: str
    evicted: bool


class PrimingStart(BaseModel):
    """POST /cache/priming. ``began`` is false where one was under way here. GET /cache tells when it has ended."""

    began: bool


class Liveness(BaseModel):
    """GET /livez: that it answers says all."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """GET /readyz, where requests can be served: ``degraded`` says that they are served without the cache."""

    status: Literal["ok", "degraded"]
    reasons: list[str]


class FieldError(BaseModel):
    """One thing wrong with one field of a request."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FieldError] | None = None
