"""The answer to a hit as bytes, and what is to be told of it: metrics, the count of outcomes, the log."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import copy_context
from http import HTTPStatus
from typing import Any, Final

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from bitcoincache_app.access_log import is_logged, log_request
from bitcoincache_app.answers import Layer, Outcome, Read
from bitcoincache_app.changes import Changed
from bitcoincache_app.encoding import coin_tag, ranking_tag
from bitcoincache_app.errors import BackendError
from bitcoincache_app.headers import REQUEST_ID, SERVER_TIMING, cache_status
from bitcoincache_app.hot_requests import HotRequest, HotWrite
from bitcoincache_app.metrics import Metrics
from bitcoincache_app.ports import Hit
from bitcoincache_app.problems import of_backend, unforeseen
from bitcoincache_app.refusals import raw
from bitcoincache_app.request_ids import Identity, current, new_request_id
from bitcoincache_app.timing import server_timing
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


_WRITTEN: Final = (
    'HTTP/1.1 %s\r\nEtag: "%s"\r\n%sContent-Type: application/json\r\nX-Request-Id: %s\r\nServer-Timing: %s\r\n'
    f"Content-Length: %d\r\nDate: %s\r\nServer: {SERVER_SOFTWARE}\r\n\r\n"
)


class HotAnswers:
    """Answers as views and middlewares make them. ``outcomes`` is where hits are counted."""

    def __init__(self, metrics: Metrics, outcomes: Counter[Read]) -> None:
        self._metrics = metrics
        self._outcomes = outcomes
        self._coin = metrics.series(BITCOIN, "GET", 200)
        self._ranking = metrics.series(BITCOINS, "GET", 200)
        self._redis = metrics.waiting("redis")

    def read(self, asked: HotRequest, hit: Hit, seconds: float) -> bytes | None:
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
        self._redis.observe(seconds)
        if asked.symbol is None:
            self._outcomes[_RANKING_HIT] += 1
            self._ranking.observe(seconds)
        else:
            self._outcomes[_COIN_HIT] += 1
            self._coin.observe(seconds)
        if is_logged(200, seconds):
            path = BITCOINS if asked.symbol is None else BITCOIN.format(symbol=asked.symbol)
            _log(identity, "GET", path, 200, seconds, status)
        return (head % values).encode() + hit.value

    def write(
        self, asked: HotWrite, outcome: asyncio.Future[Changed], waited: dict[str, float], seconds: float
    ) -> bytes:
        """The response to a write that is decided, or was refused."""
        identity = asked.request_id or new_request_id()
        timing = server_timing({**waited, "total": seconds})
        error = outcome.exception()
        if error is None:
            changed = outcome.result()
            status, answer = _written(asked.symbol, changed, identity, timing)
        else:
            path = BITCOIN.format(symbol=asked.symbol)
            refused = of_backend(error, path) if isinstance(error, BackendError) else unforeseen(path)
            refused.headers.update({REQUEST_ID: identity, SERVER_TIMING: timing})
            status, answer = refused.status, raw(refused)
        self._metrics.observe(BITCOIN, "PUT", status, seconds, waited)
        if is_logged(status, seconds):
            _log(identity, "PUT", BITCOIN.format(symbol=asked.symbol), status, seconds, None)
        return answer


def _written(symbol: str, changed: Changed, identity: str, timing: str) -> tuple[int, bytes]:
    body = changed.body or b""
    location = f"Location: {BITCOIN.format(symbol=symbol)}\r\n" if changed.created else ""
    status = HTTPStatus.CREATED if changed.created else HTTPStatus.OK
    line = f"{status.value} {status.phrase}"
    head = _WRITTEN % (line, coin_tag(body), location, identity, timing, len(body), rfc822_formatted_time())
    return status, head.encode() + body


def _log(identity: str, *line: Any) -> None:
    # Here the context is that of another connection, which goes on after this request.
    context = copy_context()
    context.run(current.set, Identity(identity, None))
    context.run(log_request, *line)
