"""The answer to a hit as bytes, and what is to be told of it: metrics, the count of outcomes, the log."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextvars import copy_context
from http import HTTPStatus
from typing import Any, Final

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from bitcoincache_app.access_log import is_logged, log_request
from bitcoincache_app.answers import Answer, Layer, Outcome, Read
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
_LIST: Final = f"{_BEGINNING}Vary: Accept-Encoding\r\n"
_MIDDLE: Final = "Content-Type: application/json\r\nX-Request-Id: %s\r\nServer-Timing: "
_END: Final = f"\r\nContent-Length: %d\r\nDate: %s\r\nServer: {SERVER_SOFTWARE}\r\n\r\n"
_COIN: Final = f"{_BEGINNING}{_MIDDLE}%s{_END}"
_RANKING: Final = f"{_LIST}{_MIDDLE}%s{_END}"
_WRITTEN: Final = f'HTTP/1.1 %s\r\nEtag: "%s"\r\n%s{_MIDDLE}%s{_END}'

_unforeseen = logging.getLogger(__name__)


class HotAnswers:
    """Answers as views and middlewares make them. ``outcomes`` is where hits are counted."""

    def __init__(self, metrics: Metrics, outcomes: Counter[Read]) -> None:
        self._metrics = metrics
        self._outcomes = outcomes
        self._coin = metrics.series(BITCOIN, "GET", 200)
        self._ranking = metrics.series(BITCOINS, "GET", 200)
        self._redis = metrics.waiting("redis")

    def hit(self, asked: HotRequest, hit: Hit, seconds: float) -> bytes | None:
        """The response to a hit, ``seconds`` after the request came; None where the value is none that we wrote."""
        try:
            tag = ranking_tag(hit.value) if asked.symbol is None else coin_tag(hit.value)
        except ValueError:
            return None
        identity = asked.request_id or new_request_id()
        status = cache_status(Outcome.HIT, hit.ttl)
        took = f"{seconds * 1000:.2f}"
        timing = f"redis;dur={took}, total;dur={took}"
        head = _RANKING if asked.symbol is None else _COIN
        values = (tag, status, identity, timing, len(hit.value), rfc822_formatted_time())
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

    def read(self, asked: HotRequest, answer: Answer | Exception, waited: dict[str, float], seconds: float) -> bytes:
        """The response to a read that went through the service, or that it refused."""
        identity = asked.request_id or new_request_id()
        timing = server_timing({**waited, "total": seconds})
        route = BITCOINS if asked.symbol is None else BITCOIN
        path = route if asked.symbol is None else BITCOIN.format(symbol=asked.symbol)
        cache = None
        if isinstance(answer, Exception):
            status, response = _refused(answer, path, identity, timing)
        else:
            cache = cache_status(answer.outcome, answer.ttl)
            head = _RANKING if asked.symbol is None else _COIN
            values = (answer.tag, cache, identity, timing, len(answer.body), rfc822_formatted_time())
            status, response = 200, (head % values).encode() + answer.body
        self._metrics.observe(route, "GET", status, seconds, waited)
        if is_logged(status, seconds):
            _log(identity, "GET", path, status, seconds, cache)
        return response

    def write(
        self, asked: HotWrite, outcome: asyncio.Future[Changed], waited: dict[str, float], seconds: float
    ) -> bytes:
        """The response to a write that is decided, or was refused."""
        identity = asked.request_id or new_request_id()
        timing = server_timing({**waited, "total": seconds})
        error = outcome.exception()
        if error is None:
            status, response = _written(asked.symbol, outcome.result(), identity, timing)
        else:
            status, response = _refused(error, BITCOIN.format(symbol=asked.symbol), identity, timing)
        self._metrics.observe(BITCOIN, "PUT", status, seconds, waited)
        if is_logged(status, seconds):
            _log(identity, "PUT", BITCOIN.format(symbol=asked.symbol), status, seconds, None)
        return response


def _refused(error: BaseException, path: str, identity: str, timing: str) -> tuple[int, bytes]:
    if isinstance(error, BackendError):
        response = of_backend(error, path)
    else:
        _unforeseen.error("unforeseen", exc_info=error, extra={"request_id": identity})
        response = unforeseen(path)
    response.headers.update({REQUEST_ID: identity, SERVER_TIMING: timing})
    return response.status, raw(response)


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
