"""Ten thousand coins on a slow machine. How long it takes is left in artifacts/page and judged by `make bench-page`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bench.page import vitals
from bench.page.journeys import interactions
from page.conftest import ARTIFACTS
from page.screen import Screen
from page.tab import tab

COINS = 10_000


@pytest.fixture
def slow(browser: Browser, host: str) -> Iterator[Screen]:
    """All of them, loaded."""
    with tab(browser, host) as screen:
        vitals.watch(screen.page.context)
        screen.open("many", poll=5000)
        expect(screen.coins.first).to_be_visible()
        vitals.all_loaded(screen.page, COINS)
        with vitals.slowed_down(screen.page):
            yield screen


def test_ten_thousand_coins_are_sorted_searched_and_edited_on_a_slow_machine(slow: Screen) -> None:
    milliseconds = dict(interactions(slow))
    slow.says("is now at 54,321.")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "interactions.json").write_text(json.dumps(milliseconds, indent=2) + "\n", "utf-8")


def test_only_the_rows_on_the_screen_are_in_the_document(slow: Screen) -> None:
    expect(slow.table).to_have_attribute("aria-rowcount", str(COINS + 1))
    assert slow.coins.count() < 100
