"""What Chromium measures of the page: Event Timing, long tasks, and when there was something to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Page

from support.chromium import awaited

SLOWER: Final = 4
"""How many times slower than this machine a person's is."""

_SCRIPT: Final = Path(__file__).with_name("vitals.js")
_SHORTEST: Final = 16.0
"""Milliseconds: shorter interactions are not told apart."""

_AT_REST: Final = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  setTimeout(done, 200))))"""
"""Behind the paint that an event led to, and behind the observers' turn, which comes a while after it."""


def watch(context: BrowserContext) -> None:
    """From now on the pages of this context are measured."""
    context.add_init_script(path=_SCRIPT)


def first_rows(page: Page) -> float:
    """Milliseconds from the navigation until coins were painted."""
    return float(awaited(page, lambda: page.evaluate("vitals.firstRows")))


def all_loaded(page: Page, coins: int) -> float:
    """Milliseconds from the navigation until the last answer came of those that hold so many coins."""
    return float(awaited(page, lambda: page.evaluate("coins => vitals.loadedAt(coins)", coins)))


def interaction(page: Page, act: Callable[[], None]) -> float:
    """Milliseconds until the next paint, of the slowest interaction that ``act`` has with the page; at least 16."""
    page.evaluate(_AT_REST)
    page.evaluate("vitals.events.length = 0")
    act()
    page.evaluate(_AT_REST)
    return max(_SHORTEST, float(page.evaluate("vitals.slowestInteraction()")))


def long_tasks(page: Page, act: Callable[[], None]) -> list[float]:
    """The tasks over 50 milliseconds that there were meanwhile."""
    page.evaluate(_AT_REST)
    page.evaluate("vitals.tasks.length = 0")
    act()
    page.evaluate(_AT_REST)
    return [float(duration) for duration in page.evaluate("vitals.tasks.map(({ duration }) => duration)")]


@contextmanager
def slowed_down(page: Page) -> Iterator[None]:
    """Meanwhile the page's processor is ``SLOWER`` times slower."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield
    finally:
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        session.detach()
