"""Names and values of headers that several modules speak of."""

from __future__ import annotations

from typing import Final

from bitcoincache_app.answers import Outcome

CACHE_STATUS: Final = "Cache-Status"
REQUEST_ID: Final = "X-Request-Id"
SERVER_TIMING: Final = "Server-Timing"
TRACEPARENT: Final = "traceparent"

_CACHE_STATUS: Final = {
    Outcome.STORED: "redis; fwd=uri-miss; stored",
    Outcome.MISS: "redis; fwd=uri-miss",
    Outcome.BYPASS: "redis; fwd=bypass",
}


def cache_status(outcome: Outcome, ttl: int | None = None) -> str:
    """A Cache-Status header's value (RFC 9211). ``ttl`` is that of a hit, in seconds."""
    if outcome is Outcome.HIT:
        return f"redis; hit; ttl={ttl}"
    return _CACHE_STATUS[outcome]


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110, 12.5.3). Without one the plain answer is the safe one."""
    if accept_encoding is None:
        return False
    weights = dict(map(_coding, accept_encoding.lower().split(",")))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _coding(member: str) -> tuple[str, float]:
    name, _, weight = member.partition(";")
    try:
        return name.strip(), float(weight.partition("=")[2]) if weight else 1.0
    except ValueError:  # not a weight: not accepted
        return name.strip(), 0.0
