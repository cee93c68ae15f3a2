"""Finding a coin, and having the ranking in another order; both are in the address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from page.screen import Screen
from page.tab import tab


@pytest.fixture
def narrow(browser: Browser, host: str) -> Iterator[Screen]:
    with tab(browser, host, width=320) as screen:
        yield screen


def test_a_slash_leads_to_the_search(screen: Screen) -> None:
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    screen.page.keyboard.press("/")
    expect(screen.search).to_be_focused()
    screen.page.keyboard.type("doge")
    expect(screen.coins).to_have_count(1)
    expect(screen.coin("DOGE")).to_be_visible()
    assert screen.parameters["q"] == "doge"


def test_a_search_is_there_again_after_a_reload(screen: Screen) -> None:
    screen.open(q="doge")
    expect(screen.coin("DOGE")).to_be_visible()
    expect(screen.search).to_have_value("doge")
    screen.page.reload()
    expect(screen.coins).to_have_count(1)


def test_where_nothing_matches_that_is_said_and_can_be_taken_back(screen: Screen) -> None:
    screen.open(q="NOSUCHCOIN")
    expect(screen.no_match).to_be_visible()
    screen.search.fill("")
    expect(screen.coin("BTC")).to_be_visible()
    assert "q" not in screen.parameters


ORDERS = {"ascending": "descending", "descending": "ascending"}


@pytest.mark.parametrize(
    ("column", "first"),
    [
        ("Rank", "descending"),
        ("Symbol", "ascending"),
        ("Price", "descending"),
        ("Change", "descending"),
        ("Updated", "descending"),
    ],
)
def test_each_column_sorts_both_ways_and_says_so(screen: Screen, column: str, first: str) -> None:
    """The one that it is sorted by already is so the other way round."""
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    for order in (first, ORDERS[first]):
        screen.sort_by(column)
        expect(screen.column(column)).to_have_attribute("aria-sort", order)
        expect(screen.table.locator("[aria-sort=ascending], [aria-sort=descending]")).to_have_count(1)


def test_an_order_is_there_again_after_a_reload(screen: Screen) -> None:
    screen.open(sort="symbol", order="ascending")
    expect(screen.column("Symbol")).to_have_attribute("aria-sort", "ascending")
    expect(screen.coins.first).to_contain_text("AAVE")
    screen.page.reload()
    expect(screen.coins.first).to_contain_text("AAVE")


def test_a_narrow_page_sorts_by_a_choice(narrow: Screen) -> None:
    narrow.open()
    expect(narrow.coins.first).to_contain_text("BTC")
    narrow.sort_choice.select_option("Symbol, ascending")
    expect(narrow.coins.first).to_contain_text("AAVE")
    assert narrow.parameters == {**narrow.parameters, "sort": "symbol", "order": "ascending"}
