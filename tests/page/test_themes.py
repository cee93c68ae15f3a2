"""Light, dark, or as the system has it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from page.screen import Screen


def background(screen: Screen) -> str:
    return str(screen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_page_follows_the_system(screen: Screen) -> None:
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    light = background(screen)
    screen.page.emulate_media(color_scheme="dark")
    assert background(screen) != light


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_chosen_theme_stays_whatever_the_system_does(screen: Screen, theme: str) -> None:
    screen.open()
    screen.choose_theme(theme)
    expect(screen.page.locator("html")).to_have_attribute("data-theme", theme.lower())
    chosen = background(screen)
    screen.page.emulate_media(color_scheme="light" if theme == "Dark" else "dark")
    assert background(screen) == chosen
    screen.page.reload()
    expect(screen.title).to_be_visible()
    assert background(screen) == chosen


def test_the_choice_goes_back_to_the_system(screen: Screen) -> None:
    screen.open()
    screen.choose_theme("Dark")
    dark = background(screen)
    screen.choose_theme("System")
    assert background(screen) != dark
