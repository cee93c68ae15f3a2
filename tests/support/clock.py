"""A clock that moves only when it is told to, or slept on."""

from __future__ import annotations

from datetime import UTC, datetime


class FakeClock:
    """Implements the backend's Clock."""

    def __init__(self, time: float = 100.0) -> None:
        self.time = time

    def monotonic(self) -> float:
        return self.time

    def boottime(self) -> float:
        return self.time

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
