"""From no coin to ten thousand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from bench.page import vitals
from bench.page.journeys import interactions
from e2e.conftest import ARTIFACTS, Stack
from e2e.page.conftest import SPEC, picture
from page.screen import Screen
from page.tab import tab

PRICES: Final[Mapping[str, int]] = {f"C{number:05}": number * 7919 % 1_000_003 for number in range(10_000)}
"""No two are the same, and their order is not that of the symbols."""

BY_PRICE: Final = sorted(PRICES, key=PRICES.__getitem__)
CHANGED: Final = BY_PRICE[5000]
"""Becomes a bit dearer in the end: the only one that changes, and the last that was updated."""


@pytest.fixture(scope="module")
def empty(stack: Stack) -> Stack:
    """A stack of its own: this many coins leave no room for others."""
    stack.apply(**SPEC)
    stack.wait_ready()
    return stack


@pytest.fixture(scope="module")
def full(empty: Stack) -> Stack:
    """PostgreSQL itself is given them, which takes a second; one write by the API then tells the cache."""
    rows = "".join(f"{symbol}\t{price}\n" for symbol, price in PRICES.items())
    empty.sql(f"COPY bitcoins (symbol, price) FROM stdin;\n{rows}\\.\n")
    assert empty.http.put_price(CHANGED, PRICES[CHANGED]).status == 200
    return empty


@pytest.fixture
def screen(browser: Browser, full: Stack) -> Iterator[Screen]:
    """All of them, loaded."""
    with tab(browser, full.http.address) as screen:
        vitals.watch(screen.page.context)
        screen.visit()
        expect(screen.table).to_have_attribute("aria-rowcount", str(len(PRICES) + 1))
        yield screen
        assert screen.unexpected == []


def test_without_coins_there_is_a_way_to_begin(browser: Browser, empty: Stack) -> None:
    with tab(browser, empty.http.address) as screen:
        screen.visit()
        expect(screen.empty).to_be_visible()
        picture(screen, "empty")
        screen.begin.click()
        screen.page.keyboard.type("btc")
        screen.page.keyboard.press("Tab")
        screen.page.keyboard.type("67250")
        screen.page.keyboard.press("Enter")
        screen.says("Added BTC at 67,250.")
        expect(screen.coin("BTC")).to_be_visible()
        assert empty.http.coin("BTC").json["price"] == 67250
        screen.delete("BTC").click()
        expect(screen.empty).to_be_visible()
        assert screen.unexpected == []


def test_ten_thousand_are_listed_down_to_the_last(screen: Screen) -> None:
    expect(screen.coins.first).to_contain_text(BY_PRICE[-1])
    assert screen.coins.count() < 100
    picture(screen, "ten-thousand")
    screen.page.keyboard.press("End")
    expect(screen.coin(BY_PRICE[0])).to_be_visible()


def test_one_is_found(screen: Screen) -> None:
    screen.page.keyboard.press("/")
    screen.page.keyboard.type("c04711")
    expect(screen.coins).to_have_count(1)
    expect(screen.coins.first).to_contain_text(f"{PRICES['C04711']:,}")


@pytest.mark.parametrize(
    ("column", "first", "first_the_other_way"),
    [
        ("Rank", BY_PRICE[0], BY_PRICE[-1]),
        ("Symbol", "C00000", "C09999"),
        ("Price", BY_PRICE[-1], BY_PRICE[0]),
    ],
)
def test_all_are_sorted(screen: Screen, column: str, first: str, first_the_other_way: str) -> None:
    screen.sort_by(column)
    expect(screen.coins.first).to_contain_text(first)
    screen.sort_by(column)
    expect(screen.coins.first).to_contain_text(first_the_other_way)


@pytest.mark.parametrize("column", ["Change", "Updated"])
def test_what_changes_comes_first_where_that_is_asked_for(screen: Screen, full: Stack, column: str) -> None:
    screen.sort_by(column)
    price = full.http.coin(CHANGED).json["price"]
    assert full.http.put_price(CHANGED, price + 1).status == 200
    expect(screen.coins.first).to_contain_text(CHANGED)


def test_it_is_sorted_searched_and_edited_on_a_slow_machine(screen: Screen) -> None:
    """How long that takes is left in artifacts, and judged by `make bench-page`."""
    milliseconds = {"first rows": vitals.first_rows(screen.page)}
    with vitals.slowed_down(screen.page):
        milliseconds |= dict(interactions(screen))
    screen.says("is now at 54,321.")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "ten-thousand.json").write_text(json.dumps(milliseconds, indent=2) + "\n", "utf-8")
