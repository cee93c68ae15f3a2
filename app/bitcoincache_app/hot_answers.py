"""The answer to a hit as bytes, and what is to be told of it: metrics, the count of outcomes, the log."""

from __future__ import annotations

import logging
import random
from collections import Counter
from typing import Final

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from bitcoincache_app.answers import Outcome
from bitcoincache_app.encoding import coin_tag, ranking_tag
from bitcoincache_app.hot_requests import HotRequest
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.ports import Hit
from bitcoincache_app.views import BITCOIN, BITCOINS

_log = logging.getLogger("bitcoincache_app.access")

_HEAD: Final = (
    "HTTP/1.1 200 OK\r\n"
    'Etag: "%s"\r\n'
    "Cache-Control: no-cache\r\n"
    "Cache-Status: %s\r\n"
    "Content-Type: application/json\r\n"
    "X-Request-Id: %s\r\n"
    "Server-Timing: redis;dur=%s, total;dur=%s\r\n"
    "Content-Length: %d\r\n"
    "Date: %s\r\n"
    f"Server: {SERVER_SOFTWARE}\r\n"
    "\r\n"
)


class HotAnswers:
    """Answers as views and middlewares make them. ``outcomes`` is where hits are counted."""

    def __init__(self, metrics: Metrics, outcomes: Counter[Outcome]) -> None:
        self._outcomes = outcomes
        self._coin = metrics.series(BITCOIN, "GET", 200)
        self._ranking = metrics.series(BITCOINS, "GET", 200)
        self._redis = metrics.waiting("redis")

    def answer(self, asked: HotRequest, hit: Hit, seconds: float) -> bytes | None:
        """The response to send ``seconds`` after the request came; None where the value is none that we wrote."""
        try:
            tag = ranking_tag(hit.value) if asked.symbol is None else coin_tag(hit.value)
        except ValueError:
            return None
        request_id = asked.request_id or f"{random.getrandbits(128):032x}"
        status = f"redis; hit; ttl={hit.ttl}"
        took = f"{seconds * 1000:.2f}"
        head = _HEAD % (tag, status, request_id, took, took, len(hit.value), rfc822_formatted_time())
        self._tell(asked, status, request_id, seconds)
        return head.encode() + hit.value

    def _tell(self, asked: HotRequest, status: str, request_id: str, seconds: float) -> None:
        self._outcomes[Outcome.HIT] += 1
        (self._ranking if asked.symbol is None else self._coin).observe(seconds)
        self._redis.observe(seconds)
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug(
                "request",
                extra={
                    "method": "GET",
                    "path": BITCOINS if asked.symbol is None else BITCOIN.format(symbol=asked.symbol),
                    "status": 200,
                    "duration_ms": round(seconds * 1000, 2),
                    "cache": status,
                    "request_id": request_id,
                },
            )
