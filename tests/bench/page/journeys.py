"""What a person does with a long ranking, by real input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from playwright.sync_api import expect

from bench.page.vitals import interaction
from page.screen import Screen

COLUMNS: Final = ("Rank", "Symbol", "Price", "Change", "Updated")
_FLICK: Final = 600
"""Pixels by which one event of the wheel scrolls: somebody is in a hurry."""

_FLICKS: Final = 5
"""Events between two looks at whether there is more to scroll."""

_SCROLLED: Final = """() => new Promise((done) => requestAnimationFrame(() => done(window.scrollY)))"""


def interactions(screen: Screen) -> Iterator[tuple[str, float]]:
    """Each with its milliseconds until the next paint. The ranking is sorted by price again in the end."""
    for column in COLUMNS:
        yield f"sort by {column}", interaction(screen.page, partial(screen.sort_by, column))
    screen.sort_by("Price")
    # Said with the rows that are in this order: until then the first one is of the order before.
    expect(screen.column("Price")).to_have_attribute("aria-sort", "descending")
    symbol = _first_symbol(screen)
    yield "search: type", interaction(screen.page, lambda: _search(screen, symbol))
    yield "search: take back", interaction(screen.page, lambda: _leave_search(screen))
    yield "edit: open", interaction(screen.page, screen.price(symbol).click)
    yield "edit: type", interaction(screen.page, lambda: screen.page.keyboard.type("54321"))
    yield "edit: save", interaction(screen.page, lambda: screen.page.keyboard.press("Enter"))


def scroll_to_the_end_and_back(screen: Screen) -> None:
    screen.coins.first.hover()
    _scroll(screen, _FLICK)
    _scroll(screen, -_FLICK)


def _scroll(screen: Screen, pixels: int) -> None:
    before = None
    while (at := screen.page.evaluate(_SCROLLED)) != before:
        before = at
        for _ in range(_FLICKS):
            screen.page.mouse.wheel(0, pixels)


def _search(screen: Screen, symbol: str) -> None:
    screen.search.focus()
    screen.page.keyboard.type(symbol)


def _leave_search(screen: Screen) -> None:
    for _ in range(len(screen.search.input_value())):
        screen.page.keyboard.press("Backspace")


def _first_symbol(screen: Screen) -> str:
    label = screen.coins.first.get_by_role("button", name="edit the price of").get_attribute("aria-label") or ""
    return label.rpartition(" ")[2]
