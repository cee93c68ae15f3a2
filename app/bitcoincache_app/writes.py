"""Writes of one replica, made together.

Those that wait while one is under way share the next announcement, statement, COMMIT and publication: group commit, as
databases do it with their logs (DeWitt et al., Implementation Techniques for Main Memory Database Systems, 1984).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
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

_PAUSE: Final = 0.05

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Wanted:
    change: Change
    give_up: float
    outcome: asyncio.Future[Changed]
    waited: dict[str, float] = field(default_factory=dict)


class Writes:
    """Call ``write``; ``carry_out`` does the work, once for each lane."""

    def __init__(self, cache: Cache, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock
        self._waiting: deque[_Wanted] = deque()
        self._busy: set[str] = set()
        self._news = asyncio.Condition()

    async def write(self, change: Change) -> Changed:
        """Returns when the change is committed. Raises what ports.Lane raises, or WritesPausedError."""
        if len(self._waiting) >= QUEUE:
            raise StoreUnavailableError("Too many writes are waiting; nothing was changed.")
        outcome: asyncio.Future[Changed] = asyncio.get_running_loop().create_future()
        wanted = _Wanted(change, self._clock.monotonic() + PATIENCE, outcome)
        self._waiting.append(wanted)
        async with self._news:
            self._news.notify()
        try:
            return await outcome
        finally:
            note(wanted.waited)

    async def carry_out(self, lane: Lane) -> None:
        """One batch after the other, until it is cancelled."""
        while True:
            async with self._news:
                await self._news.wait_for(lambda: any(self._is_free(wanted) for wanted in self._waiting))
                batch = self._take()
            symbols = {wanted.change.symbol for wanted in batch}
            try:
                with measured() as waited:
                    for wanted in batch:
                        wanted.waited = waited
                    await self._make(lane, batch)
            finally:
                self._busy -= symbols
                _fail(batch, OutcomeUnknownError("The backend ended before the write did."))
                async with self._news:
                    self._news.notify_all()

    def _is_free(self, wanted: _Wanted) -> bool:
        return wanted.change.symbol not in self._busy

    def _take(self) -> list[_Wanted]:
        """The first that can be made now, and what goes with it. Changes of one coin keep their order."""
        batch: list[_Wanted] = []
        left: deque[_Wanted] = deque()
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
        self._busy |= {wanted.change.symbol for wanted in batch}
        return batch

    async def _make(self, lane: Lane, batch: Sequence[_Wanted]) -> None:
        # By symbol, as everyone does it, so that no two batches wait for each other's rows.
        left = sorted(batch, key=lambda wanted: wanted.change.symbol)
        try:
            while not await self._tried(lane, left):
                await self._clock.sleep(_PAUSE)
                left = [wanted for wanted in left if not wanted.outcome.done()]
        except BackendError as error:
            _fail(left, error)

    async def _tried(self, lane: Lane, batch: Sequence[_Wanted]) -> bool:
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

    async def _write_announced(self, lane: Lane, token: Token, batch: Sequence[_Wanted]) -> None:
        nothing = [None] * len(batch)
        try:
            outcomes = await lane.write(token, [wanted.change for wanted in batch])
        except OutcomeUnknownError:
            raise  # the token lingers: until it is settled the write may yet be made
        except BackendError:
            await self._publish(token, nothing)
            raise
        await self._publish(token, [outcome.body if isinstance(outcome, Changed) else None for outcome in outcomes])
        for wanted, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, BackendError):
                _fail([wanted], outcome)
            elif not wanted.outcome.done():
                wanted.outcome.set_result(outcome)

    async def _publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        try:
            await self._cache.publish(token, values)
        except CacheUnavailableError:
            # The write stands, and the token keeps readers on the store until it is settled.
            _log.warning("a write could not be published", extra={"symbols": token.symbols})

    def _lose_patience(self, batch: Iterable[_Wanted], cause: UnavailableError) -> None:
        now = self._clock.monotonic()
        paused = WritesPausedError("Writes are paused while no Redis can be told of them; nothing was changed.")
        paused.__cause__ = cause
        _fail([wanted for wanted in batch if wanted.give_up <= now], paused)


def _fail(batch: Iterable[_Wanted], error: BackendError) -> None:
    for wanted in batch:
        if not wanted.outcome.done():
            wanted.outcome.set_exception(error)
