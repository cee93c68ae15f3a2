"""The states that search, stories, undo and conflicts bring along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from playwright.sync_api import expect

from page.screen import Screen
from page.states import Way


def _found(screen: Screen) -> None:
    screen.open(q="BTC")
    expect(screen.coins.first).to_contain_text("BTC")


def _no_match(screen: Screen) -> None:
    screen.open(q="NOSUCHCOIN")
    expect(screen.no_match).to_be_visible()


def _story(screen: Screen) -> None:
    screen.open(coin="BTC")
    expect(screen.dialog).to_be_visible()


def _deleted(screen: Screen) -> None:
    screen.open()
    screen.delete("BTC").click()
    screen.says("Deleted BTC.")
    expect(screen.undo).to_be_visible()


def _conflict(screen: Screen) -> None:
    screen.open("conflict", poll=3_600_000)
    screen.price("BTC").click()
    screen.price_field("BTC").fill("1")
    screen.page.keyboard.press("Enter")
    expect(screen.dialog).to_be_visible()


STATES_OF_FEATURES: Final[Mapping[str, Way]] = {
    "found": _found,
    "no-match": _no_match,
    "story": _story,
    "deleted": _deleted,
    "conflict": _conflict,
}
