"""Changing what is stored: at once on the page, and put right where the API sees it otherwise."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from page.screen import Screen


@pytest.fixture
def page(screen: Screen) -> Screen:
    """The ranking, loaded."""
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    return screen


def edit(screen: Screen, symbol: str, price: str) -> None:
    screen.price(symbol).click()
    screen.price_field(symbol).fill(price)
    screen.page.keyboard.press("Enter")


def test_a_coin_is_added_by_the_keyboard_alone(page: Screen) -> None:
    page.new_symbol.focus()
    page.page.keyboard.type("new1")
    page.page.keyboard.press("Tab")
    page.page.keyboard.type("70000")
    page.page.keyboard.press("Enter")
    page.says("Added NEW1 at 70,000.")
    expect(page.coins.first).to_contain_text("NEW1")


def test_an_edited_price_ranks_anew_and_keeps_the_focus(page: Screen) -> None:
    edit(page, "ETH", "99999")
    page.says("ETH is now at 99,999.")
    expect(page.coins.first).to_contain_text("ETH")
    expect(page.price("ETH")).to_be_focused()


def test_an_edit_shows_before_the_api_answers(page: Screen) -> None:
    page.use("loading")
    edit(page, "ETH", "99999")
    expect(page.price("ETH")).to_contain_text("99,999")


def test_a_refused_edit_is_rolled_back(page: Screen) -> None:
    page.use("read-only")
    edit(page, "ETH", "99999")
    page.says("Writes are refused for now.")
    page.page.keyboard.press("Escape")
    expect(page.price("ETH")).to_contain_text("3,480")


@pytest.mark.parametrize("price", ["-1", "1.5", "2147483648"])
def test_a_price_that_the_api_would_refuse_is_told_as_it_is_typed(page: Screen, price: str) -> None:
    page.price("ETH").click()
    page.price_field("ETH").fill(price)
    expect(page.price_field("ETH")).to_have_attribute("aria-invalid", "true")


def test_an_empty_price_is_only_told_when_it_is_to_be_saved(page: Screen) -> None:
    page.price("ETH").click()
    page.price_field("ETH").fill("")
    expect(page.price_field("ETH")).to_have_attribute("aria-invalid", "false")
    page.page.keyboard.press("Enter")
    expect(page.price_field("ETH")).to_have_attribute("aria-invalid", "true")


def test_a_deleted_coin_comes_back_by_undo(page: Screen) -> None:
    page.delete("ETH").click()
    page.says("Deleted ETH.")
    expect(page.coin("ETH")).to_have_count(0)
    page.undo.click()
    expect(page.price("ETH")).to_contain_text("3,480")


def test_a_conflict_shows_both_prices(page: Screen) -> None:
    page.use("conflict")
    edit(page, "ETH", "99999")
    expect(page.dialog).to_contain_text("99,999")
    expect(page.dialog).to_contain_text("3,481")


def test_a_coin_that_somebody_else_added_first_is_a_conflict(page: Screen) -> None:
    page.use("conflict")
    page.new_symbol.fill("NEW1")
    page.new_price.fill("70000")
    page.add.click()
    expect(page.dialog).to_contain_text("70,000")
