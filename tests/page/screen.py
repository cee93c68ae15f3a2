"""What a person finds on the page, by the names that it has there; the only place that knows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

from support.chromium import awaited

_API: Final = "/api/v1/"
_LIST: Final = "/api/v1/bitcoins"
_STALE: Final = re.compile(r"offline|updating them fails", re.IGNORECASE)
_REQUEST_FAILED: Final = "Failed to load resource"
"""What Chromium itself says of each answer that is an error, and of each that doesn't come."""


class Screen:
    """The page in a tab, and what the tab did: ``asked`` has the addresses, ``complaints`` the console's errors."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self._host = host
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def visit(self, **address: str | int) -> None:
        """The page, with these parameters in its address."""
        self.page.goto(f"{self._host}/?{urlencode(address)}")

    def open(self, scenario: str = "normal", *, poll: int = 1000, **address: str) -> None:
        """The page on this scenario of the fake API, polling it every ``poll`` milliseconds."""
        self.visit(mock=scenario, poll=poll, **address)
        self.until(lambda: bool(self.page.evaluate("window.mock !== undefined")))

    def use(self, scenario: str) -> None:
        """The fake API changes while the page is open."""
        self.page.evaluate("scenario => window.mock.use(scenario)", scenario)

    def see(self, visible: bool) -> None:
        """The tab is brought to the front, or hidden by another one; told, for headless tabs are always seen."""
        self.page.evaluate(
            """visible => {
              const say = (name, value) => Object.defineProperty(document, name, { configurable: true, value });
              say('visibilityState', visible ? 'visible' : 'hidden');
              say('hidden', !visible);
              document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
            }""",
            visible,
        )

    def until(self, condition: Callable[[], bool]) -> None:
        """Waits for what no locator can tell. Raises AssertionError if that takes too long."""
        awaited(self.page, condition)

    # What it did

    @property
    def polls(self) -> int:
        """How often the ranking was asked for, as far as it is polled: its first page."""
        return sum(_is_first_page(url) for url in self.asked)

    @property
    def other_hosts(self) -> set[str]:
        return {url for url in self.asked if not url.startswith((f"{self._host}/", "data:", "blob:"))}

    @property
    def unexpected(self) -> list[str]:
        """What the console complained of, but for answers that are errors."""
        return [text for text in self.complaints if not text.startswith(_REQUEST_FAILED)]

    @property
    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    @property
    def parameters(self) -> Mapping[str, str]:
        """Of the address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    # What it shows

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", name="BitcoinCache", level=1)

    @property
    def cache(self) -> Locator:
        return self.page.get_by_role("region", name="Cache")

    @property
    def ranking(self) -> Locator:
        return self.page.get_by_role("heading", name="Ranking")

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
    def without_redis(self) -> Locator:
        return self.page.get_by_text("Redis is not available")

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
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def search(self) -> Locator:
        return self.page.get_by_role("searchbox", name="Search coins")

    @property
    def no_match(self) -> Locator:
        return self.page.get_by_text(re.compile(r"no coin matches|no match", re.IGNORECASE))

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


def _is_first_page(url: str) -> bool:
    address = urlsplit(url)
    return address.path == _LIST and parse_qs(address.query).get("offset", ["0"]) == ["0"]
