"""The page in a real browser, against the real stack, with the coins of the example."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from e2e.conftest import ARTIFACTS, Stack

expect.set_options(timeout=30_000)
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


def said(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_have_count(1)


def test_it_ranks_a_hundred_coins_and_says_where_they_came_from(page: Page) -> None:
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(101)
    expect(rows.nth(1)).to_contain_text("BTC")
    expect(page.get_by_text("Redis HIT").first).to_be_visible()
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / "page.png")


def test_a_coin_is_added_edited_and_deleted(page: Page, stack: Stack) -> None:
    page.get_by_role("textbox", name="Symbol").fill("new1")
    page.get_by_role("textbox", name="Price", exact=True).fill("70000")
    page.keyboard.press("Enter")
    said(page, "Added NEW1 at 70,000.")
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_contain_text("NEW1")
    assert stack.http.coin("NEW1").json["price"] == 70000

    page.get_by_role("button", name="edit the price of NEW1").click()
    page.get_by_role("textbox", name="New price of NEW1").fill("5")
    page.keyboard.press("Enter")
    said(page, "NEW1 is now at 5.")
    assert stack.http.coin("NEW1").json["price"] == 5

    page.get_by_role("button", name="Delete NEW1", exact=True).click()
    page.get_by_role("button", name="Delete NEW1 for good").click()
    said(page, "Deleted NEW1.")
    assert stack.http.coin("NEW1").status == 404


def test_what_others_write_appears_by_itself(page: Page, stack: Stack) -> None:
    assert stack.http.put_price("BTC", 99_999).status == 200
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_contain_text("99,999")


def test_a_narrow_page_needs_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.screenshot(path=ARTIFACTS / "page-narrow.png")


def test_it_asks_no_other_host_and_lets_no_inline_script_run(stack: Stack) -> None:
    answer = stack.http.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_api_explains_itself_on_a_page(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.http.address}/docs")
    expect(page.get_by_text("/api/v1/bitcoins/{symbol}").first).to_be_visible()
