"""What the page shows when all is not well, or not there yet, and what one can do about it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from page.screen import Screen


def test_a_skeleton_holds_the_place_of_the_first_answer(screen: Screen) -> None:
    screen.open("loading")
    expect(screen.title).to_be_visible()
    expect(screen.skeleton).to_be_attached()
    expect(screen.table).to_have_count(0)


def test_without_coins_the_first_one_is_a_form_away(screen: Screen) -> None:
    screen.open("empty")
    expect(screen.empty).to_be_visible()
    screen.new_symbol.fill("BTC")
    screen.new_price.fill("67250")
    screen.add.click()
    expect(screen.coin("BTC")).to_be_visible()
    expect(screen.empty).to_have_count(0)


@pytest.mark.parametrize("scenario", ["failing", "unreachable"])
def test_a_failure_can_be_tried_again(screen: Screen, scenario: str) -> None:
    screen.open(scenario, poll=3_600_000)
    expect(screen.failure).to_be_visible()
    screen.use("normal")
    screen.retry.click()
    expect(screen.coin("BTC")).to_be_visible()
    expect(screen.failure).to_have_count(0)


@pytest.mark.parametrize("scenario", ["failing", "unreachable"])
def test_a_failure_goes_away_by_itself(screen: Screen, scenario: str) -> None:
    screen.open(scenario)
    expect(screen.failure).to_be_visible()
    screen.use("normal")
    expect(screen.coin("BTC")).to_be_visible()
    expect(screen.failure).to_have_count(0)


def test_what_was_read_stays_while_reading_fails_and_is_said_to_be_old(screen: Screen) -> None:
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    screen.use("failing")
    expect(screen.stale).to_be_visible()
    expect(screen.coin("BTC")).to_be_visible()
    screen.use("normal")
    expect(screen.stale).to_have_count(0)


def test_a_slow_api_leaves_the_page_usable(screen: Screen) -> None:
    """One goes on to write while the answer to a write is on its way."""
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    screen.use("slow")
    screen.price("BTC").click()
    screen.price_field("BTC").fill("70000")
    screen.page.keyboard.press("Enter")
    screen.new_symbol.fill("NEW")
    screen.new_price.fill("80000")
    expect(screen.new_symbol).to_have_value("NEW")
    screen.says("BTC is now at 70,000.")
    screen.add.click()
    expect(screen.coin("NEW")).to_be_visible()


def test_refused_writes_change_nothing_and_are_explained(screen: Screen) -> None:
    screen.open("read-only")
    screen.price("BTC").click()
    screen.price_field("BTC").fill("1")
    screen.page.keyboard.press("Enter")
    screen.says("Writes are refused for now.")
    screen.page.keyboard.press("Escape")
    expect(screen.price("BTC")).to_contain_text("67,250")


def test_without_redis_the_ranking_goes_on(screen: Screen) -> None:
    screen.open("redis-away")
    expect(screen.without_redis).to_be_visible()
    expect(screen.coin("BTC")).to_be_visible()
    screen.use("normal")
    expect(screen.without_redis).to_have_count(0)
