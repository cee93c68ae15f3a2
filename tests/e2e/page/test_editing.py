"""Changing what is stored, as the API has it afterwards; and what becomes of two who change the same coin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from e2e.conftest import Stack
from e2e.page.conftest import HIGH
from page.screen import Screen

NEW = "NEW1"
THEIRS, OURS = 111_111, 122_222


@pytest.fixture
def absent(example: Stack) -> Iterator[str]:
    """The symbol of a coin that there is not, and will not be."""
    yield NEW
    example.http.request("DELETE", f"/api/v1/bitcoins/{NEW}")


@pytest.fixture
def listed(coin: str, screen: Screen) -> str:
    """The test's own coin, in sight."""
    expect(screen.coin(coin)).to_be_visible()
    return coin


def test_a_coin_is_added(absent: str, screen: Screen, example: Stack) -> None:
    screen.new_symbol.fill(absent.lower())
    screen.new_price.fill("70000")
    screen.page.keyboard.press("Enter")
    screen.says(f"Added {absent} at 70,000.")
    expect(screen.coins.first).to_contain_text(absent)
    assert example.http.coin(absent).json["price"] == 70000


def test_a_price_is_edited_in_place(listed: str, screen: Screen, example: Stack) -> None:
    edit(screen, listed, OURS)
    screen.says(f"{listed} is now at 122,222.")
    expect(screen.price(listed)).to_be_focused()
    assert example.http.coin(listed).json["price"] == OURS


@pytest.mark.parametrize("price", ["-1", "1.5", "2147483648"])
def test_what_the_api_would_refuse_is_not_sent(listed: str, screen: Screen, example: Stack, price: str) -> None:
    edit(screen, listed, price)
    expect(screen.price_field(listed)).to_have_attribute("aria-invalid", "true")
    assert example.http.request("PUT", f"/api/v1/bitcoins/{listed}", f'{{"price": {price}}}'.encode()).status == 422
    assert example.http.coin(listed).json["version"] == 1


def test_a_deleted_coin_is_gone_and_comes_back_by_undo(listed: str, screen: Screen, example: Stack) -> None:
    screen.delete(listed).click()
    screen.says(f"Deleted {listed}.")
    expect(screen.coin(listed)).to_have_count(0)
    assert example.http.coin(listed).status == 404
    screen.undo.click()
    screen.says(f"{listed} is back at 100,000.")
    expect(screen.coin(listed)).to_be_visible()
    assert example.http.coin(listed).json["price"] == HIGH


def test_a_conflict_shows_both_prices_and_leaves_theirs(listed: str, screen: Screen, example: Stack) -> None:
    run_into_a_conflict(screen, listed, example)
    expect(screen.dialog).to_contain_text(f"{listed} was changed meanwhile")
    expect(screen.dialog).to_contain_text("111,111")
    expect(screen.dialog).to_contain_text("122,222")
    screen.keep.click()
    screen.says(f"{listed} stays at 111,111.")
    expect(screen.dialog).to_have_count(0)
    expect(screen.price(listed)).to_contain_text("111,111")
    assert example.http.coin(listed).json["price"] == THEIRS


def test_a_conflict_can_be_insisted_on(listed: str, screen: Screen, example: Stack) -> None:
    run_into_a_conflict(screen, listed, example)
    screen.insist.click()
    screen.says(f"{listed} is now at 122,222.")
    expect(screen.price(listed)).to_contain_text("122,222")
    assert example.http.coin(listed).json["price"] == OURS


def test_whoever_insists_replaces_nothing_newer_than_they_saw(listed: str, screen: Screen, example: Stack) -> None:
    run_into_a_conflict(screen, listed, example)
    expect(screen.dialog).to_contain_text("111,111")
    assert example.http.put_price(listed, THEIRS + 1).status == 200
    screen.insist.click()
    expect(screen.dialog).to_contain_text("111,112")
    assert example.http.coin(listed).json["price"] == THEIRS + 1


def test_adding_a_coin_that_is_there_is_a_conflict(listed: str, screen: Screen, example: Stack) -> None:
    screen.new_symbol.fill(listed)
    screen.new_price.fill(str(OURS))
    screen.add.click()
    expect(screen.dialog).to_contain_text(f"{listed} exists already")
    expect(screen.dialog).to_contain_text("100,000")
    expect(screen.dialog).to_contain_text("122,222")
    assert example.http.coin(listed).json["price"] == HIGH
    screen.insist.click()
    screen.says(f"{listed} is now at 122,222.")
    assert example.http.coin(listed).json["price"] == OURS


def edit(screen: Screen, symbol: str, price: int | str) -> None:
    screen.price(symbol).click()
    screen.price_field(symbol).fill(str(price))
    screen.page.keyboard.press("Enter")


def run_into_a_conflict(screen: Screen, symbol: str, stack: Stack) -> None:
    """Somebody else changes the price while the form for it is open."""
    screen.price(symbol).click()
    screen.price_field(symbol).fill(str(OURS))
    assert stack.http.put_price(symbol, THEIRS).status == 200
    screen.page.keyboard.press("Enter")
