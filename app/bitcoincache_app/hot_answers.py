"""The answer to a hit as bytes, and what is to be told of it: metrics, the count of outcomes, the log."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from bitcoincache_app.access_log import SLOW, is_logged, log_request
from bitcoincache_app.answers import Answer, Layer, Outcome, Read
from bitcoincache_app.changes import Changed
from bitcoincache_app.encoding import coin_tag, ranking_tag
from bitcoincache_app.errors import BackendError
from bitcoincache_app.headers import REQUEST_ID, SERVER_TIMING, cache_status
from bitcoincache_app.hot_requests import HotRequest, HotWrite
from bitcoincache_app.metrics import Durations, Metrics
from bitcoincache_app.ports import Hit
from bitcoincache_app.problems import of_backend, unforeseen
from bitcoincache_app.refusals import raw
from bitcoincache_app.request_ids import Identity, current, new_request_id
from bitcoincache_app.timing import server_timing
from bitcoincache_app.views import BITCOIN, BITCOINS

_MIDDLE: Final = "Content-Type: application/json\r\nX-Request-Id: %s\r\nServer-Timing: "
_END: Final = f"\r\nContent-Length: %d\r\nDate: %s\r\nServer: {SERVER_SOFTWARE}\r\n\r\n"
_WRITTEN: Final = f'HTTP/1.1 %s\r\nEtag: "%s"\r\n%s{_MIDDLE}%s{_END}'


def _read_head(cache: str, timing: str, vary: str) -> str:
    begin = f'HTTP/1.1 200 OK\r\nEtag: "%s"\r\nCache-Control: no-cache\r\nCache-Status: {cache}\r\n{vary}'
    return f"{begin}{_MIDDLE}{timing}{_END}"


_VARY: Final = "Vary: Accept-Encoding\r\n"
_COIN: Final = _read_head("%s", "%s", "")
_RANKING: Final = _read_head("%s", "%s", _VARY)
# As cache_status and server_timing say it.
_HIT: Final = ("redis; hit; ttl=%d", "redis;dur=%s, total;dur=%s")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Of value that is hit."""

    head: str
    tag: Callable[[bytes], str]
    read: Read
    hits: Durations


_unforeseen = logging.getLogger(__name__)


class HotAnswers:
    """Answers as views and middlewares make them. ``outcomes`` is where hits are counted."""

    def __init__(self, metrics: Metrics, outcomes: Counter[Read]) -> None:
        self._metrics = metrics
        self._outcomes = outcomes
        self._logs_all = is_logged(HTTPStatus.OK, 0.0)  # as it is now: asking costs as much as counting does
        self._coin = _Kind(_read_head(*_HIT, ""), coin_tag, (Layer.COIN, Outcome.HIT), metrics.hits(BITCOIN))
        self._ranking = _Kind(
            _read_head(*_HIT, _VARY), ranking_tag, (Layer.RANKING, Outcome.HIT), metrics.hits(BITCOINS)
        )

    def hit(self, asked: HotRequest, hit: Hit, seconds: float) -> bytes | None:
        """The response to a hit, ``seconds`` after the request came; None where the value is none that we wrote."""
        kind = self._ranking if asked.symbol is None else self._coin
        value, ttl = hit
        try:
            tag = kind.tag(value)
        except ValueError:
            return None
        identity = asked.request_id or new_request_id()
        took = f"{seconds * 1000:.2f}"
        head = kind.head % (tag, ttl, identity, took, took, len(value), rfc822_formatted_time())
        self._outcomes[kind.read] += 1
        kind.hits.observe(seconds)
        if self._logs_all or seconds > SLOW:
            path = BITCOINS if asked.symbol is None else BITCOIN.format(symbol=asked.symbol)
            _log(identity, "GET", path, 200, seconds, cache_status(Outcome.HIT, ttl))
        return head.encode() + value

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
