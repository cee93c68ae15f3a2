"""The answer to a hit as bytes, and what is to be told of it: metrics, the count of outcomes, the log."""

from __future__ import annotations

import logging
import random
from collections import Counter

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from bitcoincache_app.answers import Outcome
from bitcoincache_app.encoding import coin_tag, ranking_tag
from bitcoincache_app.hot_requests import HotRequest
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.ports import Hit
from bitcoincache_app.views import BITCOIN, BITCOINS

_log = logging.getLogger("bitcoincache_app.access")


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
        self._tell(asked, status, request_id, seconds)
        head = (
            f'HTTP/1.1 200 OK\r\nEtag: "{tag}"\r\nCache-Control: no-cache\r\nCache-Status: {status}\r\n'
            f"Content-Type: application/json\r\nX-Request-Id: {request_id}\r\n"
            f"Server-Timing: redis;dur={took}, total;dur={took}\r\nContent-Length: {len(hit.value)}\r\n"
            f"Date: {rfc822_formatted_time()}\r\nServer: {SERVER_SOFTWARE}\r\n\r\n"
        )
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
