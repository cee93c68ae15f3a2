"""How long the current request has waited for each of the things it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_spent: ContextVar[dict[str, float] | None] = ContextVar("spent", default=None)


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Collects, while it is open, the seconds that ``spent`` notes, by name."""
    seconds: dict[str, float] = {}
    reset = _spent.set(seconds)
    try:
        yield seconds
    finally:
        _spent.reset(reset)


def note(seconds: Mapping[str, float]) -> None:
    """Notes what others spent for the current request."""
    noted = _spent.get()
    if noted is not None:
        for name, value in seconds.items():
            noted[name] = noted.get(name, 0.0) + value


@contextmanager
def spent(name: str) -> Iterator[None]:
    """Notes how long its body took. Costs nothing where nobody measures."""
    seconds = _spent.get()
    if seconds is None:
        yield
        return
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start


def server_timing(seconds: dict[str, float]) -> str:
    """A Server-Timing header's value: milliseconds by name."""
    return ", ".join(f"{name};dur={value * 1000:.2f}" for name, value in seconds.items())
