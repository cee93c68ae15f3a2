"""The states that the page can be in, and how it comes to be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from playwright.sync_api import Locator, expect

from page.screen import Screen

Way = Callable[[Screen], None]


def _opened(scenario: str, sign: Callable[[Screen], Locator]) -> Way:
    """By opening the page; ``sign`` is what tells that it is there."""

    def go(screen: Screen) -> None:
        screen.open(scenario)
        expect(sign(screen).first).to_be_attached()

    return go


def _lively(screen: Screen) -> None:
    screen.open("lively")
    screen.until(lambda: screen.polls > 2)


def _stale(screen: Screen) -> None:
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    screen.use("failing")
    expect(screen.stale).to_be_visible()


def _offline(screen: Screen) -> None:
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    screen.page.context.set_offline(True)
    expect(screen.stale).to_be_visible()


def _wrong_input(screen: Screen) -> None:
    screen.open()
    screen.new_symbol.fill("B-T-C")
    screen.new_price.fill("1.5")
    screen.page.keyboard.press("Enter")
    expect(screen.new_symbol).to_have_attribute("aria-invalid", "true")


def _editing(screen: Screen) -> None:
    screen.open()
    screen.price("BTC").click()
    screen.price_field("BTC").fill("-1")
    expect(screen.price_field("BTC")).to_have_attribute("aria-invalid", "true")


def _read_only(screen: Screen) -> None:
    screen.open("read-only")
    screen.price("BTC").click()
    screen.price_field("BTC").fill("1")
    screen.page.keyboard.press("Enter")
    screen.says("Writes are refused for now.")


STATES: Final[Mapping[str, Way]] = {
    "ranking": _opened("normal", lambda screen: screen.coins),
    "lively": _lively,
    "many": _opened("many", lambda screen: screen.coins),
    "loading": _opened("loading", lambda screen: screen.skeleton),
    "empty": _opened("empty", lambda screen: screen.empty),
    "failing": _opened("failing", lambda screen: screen.failure),
    "unreachable": _opened("unreachable", lambda screen: screen.failure),
    "without-redis": _opened("redis-away", lambda screen: screen.without_redis),
    "stale": _stale,
    "offline": _offline,
    "read-only": _read_only,
    "wrong-input": _wrong_input,
    "editing": _editing,
}
