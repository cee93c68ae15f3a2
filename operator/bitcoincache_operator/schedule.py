"""When which key is worked on. Pure: a clock's reading is handed in, in seconds, and nothing waits here.

One visit at a time for a key; a key that is woken meanwhile is visited again. A key that fails waits, longer each time.
News of its children shortens that wait, but never to nothing: a repair that is undone again and again must not become
a hot loop.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Outcome:
    """How a visit ended: whether the key is still there, and in how many seconds to look ``again``, where it knows."""

    exists: bool
    again: float | None = None


@dataclass(frozen=True)
class Pace:
    """Seconds. A failing key waits ``base``, then twice as long each time, up to ``longest``; a quiet one ``resync``.

    Up to ``transient`` only where the cause may be over any moment: an API server that is back must not wait for us.

    News of what is around a failing key shortens its wait to ``news``: it may be the cure. After each visit a key is
    left alone for a ``breath``: what it changed comes back as many events, and one more visit answers them all.

    Each wait is jittered: by up to a fifth, so that many keys don't come back at once.
    """

    base: float = 1.0
    longest: float = 300.0
    transient: float = 30.0
    resync: float = 600.0
    news: float = 5.0
    breath: float = 0.2

    def after_failures(self, failures: int, longest: float) -> float:
        # The exponent is bounded, or a key that fails for days would overflow.
        return float(min(longest, self.base * 2 ** min(failures - 1, 20)))


class Schedule(Generic[Key]):
    """``jitter`` gives a factor for each wait, such as one between 0.8 and 1.2."""

    def __init__(self, pace: Pace, jitter: Callable[[], float]) -> None:
        self._pace = pace
        self._jitter = jitter
        self._due: dict[Key, float] = {}
        self._failures: dict[Key, int] = {}
        self._working: set[Key] = set()
        self._woken: set[Key] = set()
        self._noticed: set[Key] = set()
        """Those around which something changed while they were visited after a failure."""
        self._rested: dict[Key, float] = {}

    def wake(self, key: Key, now: float) -> None:
        """Something around the key changed: visit it now, or soon where it fails.

        What changes during a visit that fails again is taken for the visit's own doing.
        """
        if key not in self._failures:
            self.hasten(key, now)
        elif key in self._working:
            self._noticed.add(key)
        else:
            soon = now + self._pace.news
            self._due[key] = min(soon, self._due.get(key, soon))

    def hasten(self, key: Key, now: float) -> None:
        """The key itself changed: visit it now, whatever it waits for, if only it has taken breath."""
        if key in self._working:
            self._woken.add(key)
        else:
            at_once = max(now, self._rested.get(key, now))
            self._due[key] = min(at_once, self._due.get(key, at_once))

    def take(self, now: float) -> Key | None:
        """The key that has been due longest, now being worked on; None where none is due."""
        due = [(time, index, key) for index, (key, time) in enumerate(self._due.items()) if time <= now]
        if not due:
            return None
        key = min(due, key=lambda item: item[:2])[2]
        del self._due[key]
        self._working.add(key)
        return key

    def succeeded(self, key: Key, now: float, again: float | None = None) -> None:
        """The visit ended well. The next one is ``again`` seconds away, or a resync."""
        self._failures.pop(key, None)
        if key in self._noticed:
            self._woken.add(key)
        wait = self._pace.resync if again is None else min(again, self._pace.resync)
        self._ended(key, now + wait * self._jitter(), now, now)

    def failed(self, key: Key, now: float) -> float:
        """The visit failed. Gives the seconds until the next."""
        return self._failed(key, now, self._pace.longest)

    def failed_for_now(self, key: Key, now: float) -> float:
        """The visit failed, for a cause that may be over any moment. Gives the seconds until the next."""
        return self._failed(key, now, self._pace.transient)

    def _failed(self, key: Key, now: float, longest: float) -> float:
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        wait = self._pace.after_failures(failures, longest) * self._jitter()
        # News that came meanwhile may be the cure, or the visit's own doing: it gets the shortest wait.
        self._ended(key, now + wait, now + min(wait, self._pace.base), now)
        return self._due[key] - now

    def gone(self, key: Key, now: float) -> None:
        """The visit found nothing: there is none to come, unless there was news meanwhile."""
        self._failures.pop(key, None)
        self._working.discard(key)
        self._rested.pop(key, None)
        self._noticed.discard(key)
        if key in self._woken:
            self._woken.discard(key)
            self._due[key] = now

    def next_due(self) -> float | None:
        """When the next key is due; None where none is."""
        return min(self._due.values(), default=None)

    def depth(self, now: float) -> int:
        """How many keys are due and not yet worked on."""
        return sum(time <= now for time in self._due.values())

    def longest_wait(self, now: float) -> float:
        """How long the key that has been due longest waits by now, in seconds."""
        return max((now - time for time in self._due.values()), default=0.0) if self.depth(now) else 0.0

    def _ended(self, key: Key, quiet: float, woken: float, now: float) -> None:
        self._working.discard(key)
        self._rested[key] = now + self._pace.breath
        self._due[key] = max(self._rested[key], woken if key in self._woken else quiet)
        self._woken.discard(key)
        self._noticed.discard(key)
