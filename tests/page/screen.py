"""The page in a tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page

from page.parts import Parts
from support.chromium import awaited

_LIST: Final = "/api/v1/bitcoins"
_REQUEST_FAILED: Final = "Failed to load resource"
"""What Chromium itself says of each answer that is an error, and of each that doesn't come."""


class Screen(Parts):
    """The page as a person has it; ``asked`` has the addresses that it asked, ``complaints`` the console's errors."""

    def __init__(self, page: Page, host: str) -> None:
        super().__init__(page)
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


def _is_first_page(url: str) -> bool:
    address = urlsplit(url)
    return address.path == _LIST and parse_qs(address.query).get("offset", ["0"]) == ["0"]
