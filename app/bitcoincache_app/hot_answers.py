"""The answer to a hit as bytes, and what is to be told of it: metrics, the count of outcomes, the log."""

from __future__ import annotations

from collections import Counter
from typing import Final

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from bitcoincache_app.access_log import is_logged, log_request
from bitcoincache_app.answers import Layer, Outcome, Read
from bitcoincache_app.encoding import coin_tag, ranking_tag
from bitcoincache_app.headers import cache_status
from bitcoincache_app.hot_requests import HotRequest
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.ports import Hit
from bitcoincache_app.request_ids import Identity, current, new_request_id
from bitcoincache_app.views import BITCOIN, BITCOINS

_COIN_HIT: Final[Read] = (Layer.COIN, Outcome.HIT)
_RANKING_HIT: Final[Read] = (Layer.RANKING, Outcome.HIT)

_BEGINNING: Final = 'HTTP/1.1 200 OK\r\nEtag: "%s"\r\nCache-Control: no-cache\r\nCache-Status: %s\r\n'
_END: Final = (
    "Content-Type: application/json\r\n"
    "X-Request-Id: %s\r\n"
    "Server-Timing: redis;dur=%s, total;dur=%s\r\n"
    "Content-Length: %d\r\n"
    "Date: %s\r\n"
    f"Server: {SERVER_SOFTWARE}\r\n"
    "\r\n"
)
_COIN: Final = _BEGINNING + _END
_RANKING: Final = f"{_BEGINNING}Vary: Accept-Encoding\r\n{_END}"


class HotAnswers:
    """Answers as views and middlewares make them. ``outcomes`` is where hits are counted."""

    def __init__(self, metrics: Metrics, outcomes: Counter[Read]) -> None:
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
        identity = asked.request_id or new_request_id()
        status = cache_status(Outcome.HIT, hit.ttl)
        took = f"{seconds * 1000:.2f}"
        head = _RANKING if asked.symbol is None else _COIN
        values = (tag, status, identity, took, took, len(hit.value), rfc822_formatted_time())
        self._tell(asked, status, identity, seconds)
        return (head % values).encode() + hit.value

    def _tell(self, asked: HotRequest, status: str, identity: str, seconds: float) -> None:
        self._redis.observe(seconds)
        if asked.symbol is None:
            self._outcomes[_RANKING_HIT] += 1
            self._ranking.observe(seconds)
        else:
            self._outcomes[_COIN_HIT] += 1
            self._coin.observe(seconds)
        if is_logged(200, seconds):
            path = BITCOINS if asked.symbol is None else BITCOIN.format(symbol=asked.symbol)
            current.set(Identity(identity, None))
            log_request("GET", path, 200, seconds, status)
