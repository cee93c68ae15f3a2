"""Continuous load on a stack's page, by clients that never try twice and know every right answer."""

from __future__ import annotations

import http.client
import itertools
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from support.http import Answer, Client

COINS: Final = "/api/v1/bitcoins"
CLIENTS: Final = 4
PAUSE: Final = 0.03
"""Seconds between a client's requests: a small machine runs the whole cluster beside them."""


@dataclass
class Traffic:
    """What became of the requests so far: how many of each kind, and what was wrong with those that failed."""

    requests: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.requests.total()


@contextmanager
def under_load(client: Client) -> Iterator[Traffic]:
    """Requests of all kinds, each on a connection of its own, as long as the context lasts."""
    traffic, stop = Traffic(), threading.Event()
    # No coin that an earlier load left behind, cut short by a failure or by its end, is met again.
    run = secrets.token_hex(2).upper()
    clients = [
        threading.Thread(target=_live, args=(f"{run}{number}N", client, traffic, stop)) for number in range(CLIENTS)
    ]
    for thread in clients:
        thread.start()
    try:
        yield traffic
    finally:
        stop.set()
        for thread in clients:
            thread.join()


def _live(prefix: str, client: Client, traffic: Traffic, stop: threading.Event) -> None:
    """Life after life of a coin, until told to stop. A life ends with the first failure: the rest would be its echo."""
    for number in itertools.count():
        symbol = f"{prefix}{number}"
        for kind, act, is_right in _life_of(client, symbol):
            if stop.wait(PAUSE):
                return
            wrong = _what_is_wrong(act, is_right)
            traffic.requests[kind] += 1
            if wrong:
                traffic.failures.append(f"{time.strftime('%H:%M:%S')} {kind} {symbol}: {wrong}")
                break


_Step = tuple[str, Callable[[], Answer], Callable[[Answer], bool]]


def _life_of(client: Client, symbol: str) -> list[_Step]:
    """What a client does with one coin, and how it knows the right answer."""
    path = f"{COINS}/{symbol}"
    body = json.dumps({"symbol": symbol, "price": 1}).encode()
    return [
        ("POST", lambda: client.request("POST", COINS, body), lambda answer: answer.status == 201),
        ("GET", lambda: client.get(path), lambda answer: answer.status == 200 and answer.json["price"] == 1),
        ("PUT", lambda: client.put_price(symbol, 2), lambda answer: answer.status == 200),
        ("GET", lambda: client.get(path), lambda answer: answer.status == 200 and answer.json["price"] == 2),
        ("list", lambda: client.get(COINS), lambda answer: answer.status == 200 and _lists(answer, symbol, 2)),
        ("DELETE", lambda: client.request("DELETE", path), lambda answer: answer.status == 204),
        ("GET", lambda: client.get(path), lambda answer: answer.status == 404),
    ]


def _lists(answer: Answer, symbol: str, price: int) -> bool:
    return any((item["symbol"], item["price"]) == (symbol, price) for item in answer.json["items"])


def _what_is_wrong(act: Callable[[], Answer], is_right: Callable[[Answer], bool]) -> str:
    """Nothing, or what came instead of the right answer."""
    try:
        answer = act()
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    try:
        right = is_right(answer)
    except (ValueError, KeyError, TypeError):
        right = False
    return "" if right else f"{answer.status} {answer.body[:300]!r}"
