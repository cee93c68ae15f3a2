"""Clients of the API that read, write and delete a few coins, and write down what they see. They retry nothing."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from bitcoincache_api.contract import API_PREFIX
from consistency.connection import Answer, Connection, LostError, NotSentError
from consistency.history import Change, Operation, Value
from consistency.journal import Failure, Journal

COINS: Final = f"{API_PREFIX}/bitcoins"
_NOTHING_CHANGED: Final = b"nothing was changed"
_PAUSE: Final = 0.02
"""Seconds after a request that failed, lest a replica that is away be asked in a tight loop."""

Mix = Mapping[str, int]
"""How often a client does what, in proportion."""

MIXED: Final[Mix] = {"put": 14, "update": 4, "create": 2, "delete": 4, "ranking": 12, "read": 64}
READING: Final[Mix] = {"ranking": 15, "read": 85}

_Seen = Mapping[str, Value]


class Client:
    """One connection to one replica. ``prices`` gives each price once in a run; ``pause`` is in seconds."""

    def __init__(
        self,
        number: int,
        port: int,
        *,
        keys: Sequence[str],
        mix: Mix,
        pause: float,
        prices: Iterator[int],
        chance: random.Random,
        journal: Journal,
    ) -> None:
        self._number = number
        self._connection = Connection(port)
        self._keys = keys
        self._mix = mix
        self._pause = pause
        self._prices = prices
        self._chance = chance
        self._journal = journal
        self._tags: dict[str, tuple[str, _Seen]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Request after request until told to stop."""
        try:
            while not stop.is_set():
                await self._act()
                await asyncio.sleep(self._pause)
        finally:
            self._connection.close()

    async def _act(self) -> None:
        key = self._chance.choice(self._keys)
        match self._chance.choices(list(self._mix), list(self._mix.values())):
            case ["put"]:
                await self._put(key)
            case ["update"]:
                await self._update(key)
            case ["create"]:
                await self._create(key)
            case ["delete"]:
                await self._write("DELETE", f"{COINS}/{key}", Change(key, None))
            case ["ranking"]:
                await self._read("ranking", COINS)
            case _:
                await self._read("read", f"{COINS}/{key}")

    async def _put(self, key: str) -> None:
        await self._write("PUT", f"{COINS}/{key}", Change(key, next(self._prices)))

    async def _update(self, key: str) -> None:
        """A PUT on condition that the coin is still as it was when this client read it."""
        path = f"{COINS}/{key}"
        if path not in self._tags:
            await self._put(key)
            return
        tag, seen = self._tags[path]
        await self._write("PUT", path, Change(key, next(self._prices)), {"If-Match": tag}, seen)

    async def _create(self, key: str) -> None:
        await self._write("POST", COINS, Change(key, next(self._prices)), expects={key: None})

    async def _write(
        self,
        method: str,
        path: str,
        change: Change,
        headers: Mapping[str, str] | None = None,
        expects: _Seen | None = None,
    ) -> None:
        expects = expects or {}
        body = b"" if change.value is None else json.dumps(_body(method, change)).encode()
        invoked = time.monotonic_ns()
        try:
            answer = await self._connection.request(method, path, body, headers)
        except NotSentError:
            await self._find_nobody()
        except LostError:
            self._note(method, invoked, None, expects, change)
        else:
            returned = time.monotonic_ns()
            if answer.status < HTTPStatus.MULTIPLE_CHOICES:
                self._note(method, invoked, returned, expects, change)
            elif method == "DELETE" and answer.status == HTTPStatus.NOT_FOUND:
                self._note(method, invoked, returned, {change.key: None}, None)
            elif answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._journal.failures.append(Failure(method, invoked, returned, str(answer.status), change))
            elif _NOTHING_CHANGED in answer.body:
                await self._fail(method, invoked, _reason(answer), change)
            else:
                self._note(method, invoked, None, expects, change)
                await asyncio.sleep(_PAUSE)

    async def _read(self, label: str, path: str) -> None:
        tag, known = self._tags.get(path, ("", {}))
        headers = {"If-None-Match": tag} if tag and self._chance.random() < 0.1 else None
        invoked = time.monotonic_ns()
        try:
            answer = await self._connection.request("GET", path, headers=headers)
        except NotSentError:
            await self._find_nobody()
            return
        except LostError as error:
            await self._fail(label, invoked, str(error))
            return
        returned = time.monotonic_ns()
        if answer.status == HTTPStatus.NOT_MODIFIED:
            seen = known
        elif answer.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            seen = self._seen(path, answer)
        else:
            await self._fail(label, invoked, _reason(answer))
            return
        self._note(label, invoked, returned, seen, None)
        if answer.headers.get("cache-status", "").startswith("redis; hit"):
            self._journal.hits.append(returned)

    def _seen(self, path: str, answer: Answer) -> _Seen:
        if path != COINS:
            key = path.rpartition("/")[2]
            seen: _Seen = {key: json.loads(answer.body)["price"] if answer.status == HTTPStatus.OK else None}
        else:
            page = json.loads(answer.body)
            items = page if isinstance(page, list) else page["items"]
            prices = {item["symbol"]: item["price"] for item in items}
            seen = {key: prices.get(key) for key in self._keys}
        if "etag" in answer.headers:
            self._tags[path] = answer.headers["etag"], seen
        return seen

    def _note(self, label: str, invoked: int, returned: int | None, expects: _Seen, change: Change | None) -> None:
        self._journal.history.append(Operation(self._number, label, invoked, returned, expects, change))

    async def _find_nobody(self) -> None:
        self._journal.refused += 1
        await asyncio.sleep(_PAUSE)

    async def _fail(self, label: str, invoked: int, reason: str, change: Change | None = None) -> None:
        self._journal.failures.append(Failure(label, invoked, time.monotonic_ns(), reason, change))
        await asyncio.sleep(_PAUSE)


def _body(method: str, change: Change) -> Mapping[str, object]:
    return {"price": change.value} if method == "PUT" else {"symbol": change.key, "price": change.value}


def _reason(answer: Answer) -> str:
    return f"{answer.status} {answer.body[:300].decode(errors='replace')}"
