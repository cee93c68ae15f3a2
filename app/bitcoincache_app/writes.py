"""Writes of one replica, made together.

Those that wait while one is under way share the next announcement, statement, COMMIT and publication: group commit, as
databases do it with their logs (DeWitt et al., Implementation Techniques for Main Memory Database Systems, 1984).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from bitcoincache_app.changes import Change, Changed, go_together
from bitcoincache_app.errors import (
    BackendError,
    CacheUnavailableError,
    EpochPassedError,
    OutcomeUnknownError,
    StoreUnavailableError,
    UnavailableError,
    WritesPausedError,
)
from bitcoincache_app.ports import Cache, Clock, Lane, Token
from bitcoincache_app.timing import measured, note

BATCH: Final = 64
"""Changes in one statement, at most: some milliseconds of PostgreSQL's time."""

QUEUE: Final = 512
"""Changes that may wait. More are refused at once."""

PATIENCE: Final = 3.0
"""Seconds that a change waits for a Redis that can be told of it, or for one to be done without."""

HELD_UP: Final = 0.02
"""Seconds from which on a batch counts as held up, by a row that somebody has locked for example."""

_PAUSE: Final = 0.05

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Wanted:
    """A change that is asked for. ``waited``: the seconds spent on Redis and PostgreSQL, once ``outcome`` is there."""

    change: Change
    give_up: float
    outcome: asyncio.Future[Changed]
    waited: dict[str, float] = field(default_factory=dict)


class Writes:
    """Call ``write`` or ``submit``; ``carry_out`` does the work, once for each lane."""

    def __init__(self, cache: Cache, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock
        self._waiting: deque[Wanted] = deque()
        self._busy: dict[str, Wanted] = {}
        self._publications: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        # The batch that none may go past: one at a time, unless it is held up. Of two at once each would hold half as
        # much, and cost the same.
        self._foremost: list[Wanted] | None = None

    async def write(self, change: Change) -> Changed:
        """Returns when the change is committed. Raises what ports.Lane raises, or WritesPausedError."""
        wanted = self.submit(change)
        try:
            return await wanted.outcome
        finally:
            note(wanted.waited)

    def submit(self, change: Change) -> Wanted:
        """As ``write``, without waiting. Raises StoreUnavailableError where too many wait already."""
        if len(self._waiting) >= QUEUE:
            raise StoreUnavailableError("Too many writes are waiting; nothing was changed.")
        outcome: asyncio.Future[Changed] = asyncio.get_running_loop().create_future()
        wanted = Wanted(change, self._clock.monotonic() + PATIENCE, outcome)
        self._waiting.append(wanted)
        if self._foremost is None:  # or whoever ends it, or goes past it, tells
            self._news.set()
        return wanted

    def under_way(self, symbol: str) -> asyncio.Future[Changed] | None:
        """The outcome of the write of this coin that is being made here now, if there is one."""
        wanted = self._busy.get(symbol)
        return None if wanted is None else wanted.outcome

    async def published(self) -> None:
        """Returns when what was written so far is in the cache, or can't be."""
        if self._publications:
            await asyncio.wait(self._publications)

    def wake(self) -> None:
        """Has each lane make sure of its connection, for the time in which no others can be made."""
        self._news.set()

    async def carry_out(self, lane: Lane) -> None:
        """One batch after the other, until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            while self._foremost is not None or not (batch := self._take()):
                self._news.clear()
                with suppress(StoreUnavailableError):
                    await lane.connect()
                await self._news.wait()
            held_up = loop.call_later(HELD_UP, self._go_past, batch)
            self._foremost = batch
            try:
                with measured() as waited:
                    for wanted in batch:
                        wanted.waited = waited
                    await self._make(lane, batch)
            finally:
                held_up.cancel()
                for wanted in batch:
                    del self._busy[wanted.change.symbol]
                _fail(batch, OutcomeUnknownError("The backend ended before the write did."))
                self._go_past(batch)

    def _go_past(self, batch: list[Wanted]) -> None:
        """Lets the next begin, if it is this one that it waits for."""
        if self._foremost is batch:
            self._foremost = None
        self._news.set()

    def _take(self) -> list[Wanted]:
        """The first that can be made now, and what goes with it. Changes of one coin keep their order."""
        batch: list[Wanted] = []
        left: deque[Wanted] = deque()
        passed = set(self._busy)
        for wanted in self._waiting:
            symbol = wanted.change.symbol
            fits = not batch or (len(batch) < BATCH and go_together(batch[0].change, wanted.change))
            if fits and symbol not in passed:
                batch.append(wanted)
            else:
                left.append(wanted)
            passed.add(symbol)
        self._waiting = left
        self._busy.update((wanted.change.symbol, wanted) for wanted in batch)
        return batch

    async def _make(self, lane: Lane, batch: Sequence[Wanted]) -> None:
        # By symbol, as everyone does it, so that no two batches wait for each other's rows.
        left = sorted(batch, key=lambda wanted: wanted.change.symbol)
        try:
            while not await self._tried(lane, left):
                await self._clock.sleep(_PAUSE)
                left = [wanted for wanted in left if not wanted.outcome.done()]
        except BackendError as error:
            _fail(left, error)

    async def _tried(self, lane: Lane, batch: Sequence[Wanted]) -> bool:
        """Whether these are decided. If they aren't, nothing was changed, and who has waited for too long is told."""
        if not batch:
            return True
        try:
            await lane.connect()
            token = await self._cache.announce([wanted.change.symbol for wanted in batch])
            await self._write_announced(lane, token, batch)
        except CacheUnavailableError as error:
            if isinstance(error, EpochPassedError):
                self._cache.doubt()
            self._lose_patience(batch, error)
            return False
        return True

    async def _write_announced(self, lane: Lane, token: Token, batch: Sequence[Wanted]) -> None:
        nothing = [None] * len(batch)
        try:
            outcomes = await lane.write(token, [wanted.change for wanted in batch])
        except OutcomeUnknownError:
            raise  # the token lingers: until it is settled the write may yet be made
        except BackendError:
            await self._publish(token, nothing)
            raise
        # Nobody waits for it: until it is done readers go to the store. It is on its way before whoever asked for the
        # write is told, so that what they ask for next, on the same connection, finds it done.
        self._publish_soon(token, [outcome.body if isinstance(outcome, Changed) else None for outcome in outcomes])
        for wanted, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, BackendError):
                _fail([wanted], outcome)
            elif not wanted.outcome.done():
                wanted.outcome.set_result(outcome)

    def _publish_soon(self, token: Token, values: Sequence[bytes | None]) -> None:
        publication = asyncio.create_task(self._publish(token, values))
        self._publications.add(publication)
        publication.add_done_callback(self._publications.discard)

    async def _publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        try:
            await self._cache.publish(token, values)
        except CacheUnavailableError:
            # The write stands, and the token keeps readers on the store until it is settled.
            _log.warning("a write could not be published", extra={"symbols": token.symbols})

    def _lose_patience(self, batch: Iterable[Wanted], cause: UnavailableError) -> None:
        now = self._clock.monotonic()
        paused = WritesPausedError("Writes are paused while no Redis can be told of them; nothing was changed.")
        paused.__cause__ = cause
        _fail([wanted for wanted in batch if wanted.give_up <= now], paused)


def _fail(batch: Iterable[Wanted], error: BackendError) -> None:
    for wanted in batch:
        if not wanted.outcome.done():
            wanted.outcome.set_exception(error)
