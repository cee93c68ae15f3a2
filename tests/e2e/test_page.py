"""The page in a real browser, against the real stack, with the coins of the example."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from e2e.conftest import ARTIFACTS, Stack

COINS = Path(__file__).parents[2] / "examples/coins.csv"


@pytest.fixture(scope="module")
def page(stack: Stack) -> Iterator[Page]:
    stack.apply()
    stack.wait_ready()
    with COINS.open() as file:
        for coin in csv.DictReader(file):
            assert stack.http.put_price(coin["symbol"], int(coin["price"])).status == 201
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=stack.http.address)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto("/")
        yield page
        browser.close()
        assert problems == []


def test_the_page_ranks_adds_edits_and_deletes(page: Page, stack: Stack) -> None:
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(101)
    expect(rows.nth(1)).to_contain_text("BTC")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / "page.png")
