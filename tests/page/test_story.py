"""What the page tells of one coin."""

from __future__ import annotations

from playwright.sync_api import expect

from page.screen import Screen


def test_a_coin_tells_its_story_and_the_focus_returns(screen: Screen) -> None:
    screen.open()
    screen.story("BTC").click()
    expect(screen.dialog).to_contain_text("BTC")
    assert screen.parameters["coin"] == "BTC"
    screen.page.keyboard.press("Escape")
    expect(screen.dialog).to_have_count(0)
    expect(screen.story("BTC")).to_be_focused()
    assert "coin" not in screen.parameters


def test_a_story_has_an_address(screen: Screen) -> None:
    screen.open(coin="ETH")
    expect(screen.dialog).to_contain_text("ETH")
    screen.page.keyboard.press("Escape")
    expect(screen.dialog).to_have_count(0)
