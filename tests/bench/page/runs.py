"""One run after another, each in a browser that has nothing of the page yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Browser

from bench.page import vitals
from bench.page.journeys import interactions, scroll_to_the_end_and_back
from page.screen import Screen
from support.chromium import chromium


@dataclass(frozen=True, slots=True)
class Run:
    """Milliseconds, but for ``elsewhere``: the requests to other hosts."""

    first_rows: float
    all_loaded: float
    scrolling: list[float]
    interactions: Mapping[str, float]
    elsewhere: int


def measured(address: str, coins: int, runs: int) -> Iterator[Run]:
    with chromium() as browser:
        for _ in range(runs):
            yield _run(browser, address, coins)


def _run(browser: Browser, address: str, coins: int) -> Run:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        vitals.watch(context)
        screen = Screen(context.new_page(), address)
        screen.visit()
        first_rows = vitals.first_rows(screen.page)
        all_loaded = vitals.all_loaded(screen.page, coins)
        scrolling = vitals.long_tasks(screen.page, lambda: scroll_to_the_end_and_back(screen))
        with vitals.slowed_down(screen.page):
            acted = dict(interactions(screen))
        return Run(first_rows, all_loaded, scrolling, acted, len(screen.other_hosts))
    finally:
        context.close()
