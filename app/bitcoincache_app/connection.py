"""One connection to Redis that many callers share: what they send in one turn of the loop leaves in one write."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import takewhile
from typing import Any, Final, cast

import hiredis

from bitcoincache_app.ports import Clock
from bitcoincache_app.reading import read_moderately
from bitcoincache_app.settings import Limits

Done = Callable[[list[Any] | None], None]
"""Takes the replies to what was sent, error replies (``hiredis.ReplyError``) among them; None where there are none."""

_LOOK: Final = 0.01
"""Seconds between two looks at who has waited for too long, while anybody waits."""

_HIGH_WATER: Final = 1024 * 1024
"""Bytes that Redis has not taken yet, from which on it is asked no more."""

_FEW: Final = 8
"""Reads under way, from which on another is held back."""

_HOLD: Final = 0.001
"""Seconds that a read is held back, at most, to leave with others."""

_INCOMPLETE: Final = object()


def pack(*command: bytes | str | int) -> bytes:
    """A command as Redis takes it. Those of several commands may be joined."""
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub knows tuples of one alone
    return packed


def _nobody(_replies: list[Any] | None) -> None:
    """Whose replies come too late to be heard."""


class _Waiting:
    __slots__ = ("done", "is_read", "owed", "patience", "replies", "since")

    def __init__(self, owed: int, done: Done, since: float, patience: float, is_read: bool) -> None:
        self.is_read = is_read
        self.owed = owed
        self.done = done
        self.since = since
        self.patience = patience
        self.replies: list[Any] = []


class Connection(asyncio.Protocol):
    """Replies are matched to commands by their order, as Redis promises it.

    Each caller waits for its own patience. From the first that waited in vain until Redis is heard again, those who
    would wait no longer than ``limits.redis`` are refused at once. Where the oldest has waited ``limits.redis_write``,
    the connection is given up. All this is judged by a look that found the same the time before: what arrived while
    this process itself stood still was read in between.

    ``lost`` is called once, with a reason, before those who wait are told.
    """

    def __init__(self, limits: Limits, clock: Clock, lost: Callable[[str], None]) -> None:
        self._limits = limits
        self._now = clock.monotonic
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader(notEnoughData=_INCOMPLETE)
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[_Waiting] = deque()
        self._unsent: list[bytes] = []
        self._flushing = False
        # How many of those who wait have been sent, and how many of all are not of ``read``. While Redis is busy with
        # reads alone, others are gathered: each call to the kernel costs as much as many of them, and the replies are
        # near. Where there is more to do, what is held would wait twice.
        self._outstanding = 0
        self._more = 0
        self._held: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._looked_at = 0.0
        self._full = False
        self._late = False

    def send(self, commands: bytes, owed: int, done: Done, patience: float) -> None:
        """Sends packed commands that will be answered by ``owed`` replies, and waits ``patience`` seconds for them.

        ``done`` is called exactly once; before this returns, where they can't be sent.
        """
        if self._is_closed_to(patience):
            done(None)
            return
        self._more += 1
        self._flush_soon()
        self._wait(commands, owed, done, patience, is_read=False)

    def read(self, commands: bytes, owed: int, done: Done) -> None:
        """As ``send``, for plain reads, with the patience of ``limits.redis``. They may leave with others."""
        patience = self._limits.redis
        if self._is_closed_to(patience):
            done(None)
            return
        if self._more or self._outstanding < _FEW:
            self._flush_soon()
        elif self._held is None:
            self._held = self._loop.call_later(_HOLD, self._flush)
        self._wait(commands, owed, done, patience, is_read=True)

    def _is_closed_to(self, patience: float) -> bool:
        late = self._late and patience <= self._limits.redis
        return self._transport is None or self._full or late or len(self._waiting) >= self._limits.redis_pending

    def _wait(self, commands: bytes, owed: int, done: Done, patience: float, *, is_read: bool) -> None:
        self._unsent.append(commands)
        now = self._now()
        self._waiting.append(_Waiting(owed, done, now, patience, is_read))
        if self._look is None:
            self._look_again(now)

    def close(self, reason: str) -> None:
        """Fails everyone who waits. Nothing is sent or heard any more."""
        transport, self._transport = self._transport, None
        if transport is None:
            return
        transport.abort()
        for timer in (self._look, self._held):
            if timer is not None:
                timer.cancel()
        self._lost(reason)
        while self._waiting:
            self._tell(self._waiting.popleft().done, None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)
        read_moderately(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.close(str(exc) if exc else "Redis closed the connection")

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False

    def data_received(self, data: bytes) -> None:
        self._late = False
        self._reader.feed(data)
        try:
            self._take_replies()
            if self._unsent:
                self._flush_soon()
        except hiredis.ProtocolError as error:
            self.close(f"what answers does not speak Redis's protocol: {error}")

    def _take_replies(self) -> None:
        gets, waiting = self._reader.gets, self._waiting
        while waiting:
            oldest = waiting[0]
            replies = oldest.replies
            while len(replies) < oldest.owed:
                if (reply := gets()) is _INCOMPLETE:
                    return
                replies.append(reply)
            waiting.popleft()
            self._outstanding -= 1
            self._more -= not oldest.is_read
            self._tell(oldest.done, replies)
        if gets() is not _INCOMPLETE:
            self.close("an answer came that nobody had asked for")

    def _tell(self, done: Done, replies: list[Any] | None) -> None:
        try:
            done(replies)
        except Exception as error:  # noqa: BLE001 - a fault of one caller must not cost the others their replies
            context = {"message": "A caller failed on the replies of Redis", "exception": error}
            self._loop.call_exception_handler(context)

    def _flush_soon(self) -> None:
        """In the next turn of the loop, with what else comes in this one."""
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._held is not None:
            self._held.cancel()
            self._held = None
        unsent, self._unsent = self._unsent, []
        self._outstanding = len(self._waiting)
        if self._transport is not None:
            self._transport.write(b"".join(unsent))

    def _look_again(self, now: float) -> None:
        self._looked_at = now
        self._look = self._loop.call_later(_LOOK, self._look_for_late)

    def _look_for_late(self) -> None:
        self._look = None
        if not self._waiting:
            return
        then, limits = self._looked_at, self._limits
        if then - self._waiting[0].since > limits.redis_write:
            self.close("Redis does not answer")
            return
        self._look_again(self._now())
        long = list(takewhile(lambda waiting: then - waiting.since > limits.redis, self._waiting))
        for waiting in long:
            if then - waiting.since > waiting.patience and waiting.done is not _nobody:
                done, waiting.done = waiting.done, _nobody
                self._late = True
                self._tell(done, None)
