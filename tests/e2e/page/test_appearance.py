"""How the page looks on a lively market: pictures for a person's eye, and what axe says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import product
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from e2e.conftest import Stack
from e2e.page.conftest import picture
from page.axe import violations
from page.screen import Screen
from page.tab import THEMES, WIDTHS, Theme, tab
from support.chance import chance_of

ROUNDS: Final = 8
POLLS_A_ROUND: Final = 4
"""Of which the first is a MISS, for prices have changed, and the others are not."""

SEEN: Final = 24
MOVED: Final = 8

Pages = Mapping[int, Screen]


@pytest.fixture(scope="module")
def pages(browser: Browser, example: Stack) -> Iterator[Pages]:
    """By their widths. They were open while prices went up and down."""
    with ExitStack() as tabs:
        pages = {width: tabs.enter_context(tab(browser, example.http.address, width=width)) for width in WIDTHS}
        for screen in pages.values():
            screen.visit()
            expect(screen.coins.first).to_be_visible()
        assert example.http.request("POST", "/api/v1/cache/priming").status == 202
        trade(example, pages)
        yield pages
        assert [screen.unexpected for screen in pages.values()] == [[], []]


def trade(stack: Stack, pages: Pages) -> None:
    """Some of the first coins become a bit cheaper or dearer, time and again, for all pages to see."""
    chance = chance_of(7)
    for _ in range(ROUNDS):
        for coin in chance.sample(stack.http.ranking()[:SEEN], MOVED):
            price = round(coin["price"] * chance.uniform(0.97, 1.03))
            assert stack.http.put_price(coin["symbol"], price).status == 200
        for screen in pages.values():
            wait_for_polls(screen, POLLS_A_ROUND)


def wait_for_polls(screen: Screen, count: int) -> None:
    before = screen.polls
    screen.until(lambda: screen.polls >= before + count)


@pytest.fixture(params=product(WIDTHS, THEMES), ids=lambda look: "-".join(map(str, look)))
def look(request: pytest.FixtureRequest, pages: Pages) -> tuple[Screen, str]:
    """A page in a theme, and what its pictures are called."""
    width: int = request.param[0]
    theme: Theme = request.param[1]
    pages[width].page.emulate_media(color_scheme=theme)
    return pages[width], f"{theme}-{width}"


def test_the_ranking(look: tuple[Screen, str]) -> None:
    screen, name = look
    picture_and_check(screen, f"page-{name}")


def test_a_story(look: tuple[Screen, str], example: Stack) -> None:
    screen, name = look
    screen.story(example.http.ranking()[0]["symbol"]).click()
    expect(screen.events.first).to_be_visible()
    picture_and_check(screen, f"story-{name}")
    screen.page.keyboard.press("Escape")
    expect(screen.dialog).to_have_count(0)


def test_a_coin_that_can_be_put_back(look: tuple[Screen, str], example: Stack) -> None:
    screen, name = look
    symbol = example.http.ranking()[0]["symbol"]
    screen.delete(symbol).click()
    screen.says(f"Deleted {symbol}.")
    picture_and_check(screen, f"deleted-{name}")
    screen.undo.click()
    screen.says(f"{symbol} is back")


def picture_and_check(screen: Screen, name: str) -> None:
    picture(screen, name)
    assert not screen.scrolls_sideways
    found = violations(screen.page)
    assert not found, "\n".join(found)


def test_a_chosen_theme_is_there_again_after_a_reload(screen: Screen) -> None:
    screen.choose_theme("Dark")
    expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")
    screen.page.reload()
    expect(screen.coins.first).to_be_visible()
    expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")
