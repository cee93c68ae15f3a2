"""A circuit breaker: while something is down, fail at once rather than wait for a timeout on each request."""

from __future__ import annotations

from bitcoincache_app.ports import Clock


class Breaker:
    """Opens after ``failures`` failures in a row; then lets one call through every ``pause`` seconds to try.

    Failures within ``together`` seconds of one that counted are the same one: when this process itself stands still
    for a moment, everything under way runs out of time at once.
    """

    def __init__(self, clock: Clock, failures: int = 3, pause: float = 0.3, together: float = 0.05) -> None:
        self._clock = clock
        self._limit = failures
        self._pause = pause
        self._together = together
        self._failures = 0
        self._counted_at = -together
        self._shut_until = 0.0

    def admits(self) -> bool:
        """Whether a call may be made now. Every admitted call must be followed by ``succeeded`` or ``failed``."""
        if self._failures < self._limit:
            return True
        now = self._clock.monotonic()
        if now < self._shut_until:
            return False
        self._shut_until = now + self._pause
        return True

    @property
    def is_open(self) -> bool:
        """Whether calls are kept back, but for those that try."""
        return self._failures >= self._limit

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        now = self._clock.monotonic()
        if now - self._counted_at < self._together:
            return
        self._counted_at = now
        self._failures += 1
        if self._failures == self._limit:
            self._shut_until = now + self._pause
