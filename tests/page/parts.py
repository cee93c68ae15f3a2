"""What a person finds on the page, by the names that it has there; the only place that knows them."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

_STALE: Final = re.compile(r"offline|updating them fails", re.IGNORECASE)
_NO_MATCH: Final = re.compile(r"no coin matches", re.IGNORECASE)
_KEEP: Final = re.compile(r"^(Keep|Leave) ")
_INSIST: Final = re.compile(r"^(Set to|Add it again|Delete it anyway)")


class Parts:
    """Of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # What it shows

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", name="BitcoinCache", level=1)

    @property
    def table(self) -> Locator:
        return self.page.get_by_role("table")

    @property
    def coins(self) -> Locator:
        """The rows that are in the document, the head aside."""
        return self.table.get_by_role("row").filter(has=self.page.get_by_role("button", name="edit the price of"))

    def coin(self, symbol: str) -> Locator:
        return self.table.get_by_role("row").filter(has=self.price(symbol))

    @property
    def skeleton(self) -> Locator:
        return self.page.get_by_text("Loading the ranking…")

    @property
    def empty(self) -> Locator:
        return self.page.get_by_text("No coins yet")

    @property
    def failure(self) -> Locator:
        return self.page.get_by_text("The ranking could not be loaded")

    @property
    def retry(self) -> Locator:
        return self.page.get_by_role("button", name="Try again")

    @property
    def stale(self) -> Locator:
        """What says that the ranking is no longer kept up to date."""
        return self.page.get_by_text(_STALE).first

    @property
    def origin(self) -> Locator:
        """What says where the ranking came from."""
        return self.page.get_by_text("Last answer:").locator("..")

    @property
    def live(self) -> Locator:
        """What says that the ranking is kept up to date."""
        return self.page.get_by_text("Live · every")

    @property
    def refusal(self) -> Locator:
        """What says that no write is taken, as long as that is so."""
        return self.page.get_by_text("Writes are refused for now", exact=True)

    @property
    def without_redis(self) -> Locator:
        return self.page.get_by_text("Redis is not available")

    def fact(self, name: str) -> Locator:
        """Of the cache, with its name: Hit rate, Hits, Misses, Keys or Last primed."""
        facts = self.page.get_by_role("region", name="Cache", exact=True).locator("div")
        return facts.filter(has=self.page.get_by_text(name, exact=True))

    @property
    def events(self) -> Locator:
        """What an open story tells, newest first: reads and evictions."""
        return self.page.get_by_role("region", name="Reads in this story").locator("ol > li")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def says(self, text: str) -> None:
        expect(self.status.filter(has_text=text)).to_have_count(1)

    # What one can use

    @property
    def new_symbol(self) -> Locator:
        return self.page.get_by_role("textbox", name="Symbol", exact=True)

    @property
    def new_price(self) -> Locator:
        return self.page.get_by_role("textbox", name="Price", exact=True)

    @property
    def add(self) -> Locator:
        return self.page.get_by_role("button", name="Add coin")

    @property
    def begin(self) -> Locator:
        """Where there is no coin."""
        return self.page.get_by_role("button", name="Add the first coin")

    def price(self, symbol: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"edit the price of {symbol}$"))

    def price_field(self, symbol: str) -> Locator:
        return self.page.get_by_role("textbox", name=f"New price of {symbol}", exact=True)

    def delete(self, symbol: str) -> Locator:
        return self.page.get_by_role("button", name=f"Delete {symbol}", exact=True)

    @property
    def undo(self) -> Locator:
        return self.page.get_by_role("button", name="Undo")

    def story(self, symbol: str) -> Locator:
        """The button that tells it."""
        return self.page.get_by_role("button", name=f"{symbol}, its story", exact=True)

    @property
    def read_again(self) -> Locator:
        return self.page.get_by_role("button", name="Read again")

    @property
    def evict(self) -> Locator:
        return self.page.get_by_role("button", name="Evict this key")

    @property
    def prime(self) -> Locator:
        return self.page.get_by_role("button", name="Prime", exact=True)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def keep(self) -> Locator:
        """In a conflict: what somebody else wrote."""
        return self.dialog.get_by_role("button", name=_KEEP)

    @property
    def insist(self) -> Locator:
        """In a conflict: on what one wrote oneself."""
        return self.dialog.get_by_role("button", name=_INSIST)

    @property
    def search(self) -> Locator:
        return self.page.get_by_role("searchbox", name="Search coins")

    @property
    def no_match(self) -> Locator:
        return self.page.get_by_text(_NO_MATCH)

    def column(self, name: str) -> Locator:
        return self.page.get_by_role("columnheader", name=name)

    def sort_by(self, name: str) -> None:
        self.column(name).get_by_role("button").click()

    @property
    def sort_choice(self) -> Locator:
        """In place of the head, where the page is narrow."""
        return self.page.get_by_role("combobox", name="Sort by")

    def choose_theme(self, theme: str) -> None:
        """Light, Dark or System."""
        self.page.get_by_role("group", name="Theme").get_by_text(theme, exact=True).click()
