"""What the page says when parts of the stack, or the way to it, are away; and that it recovers by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Route, expect

from e2e.conftest import Stack
from e2e.page.conftest import HIGH, picture
from page.screen import Screen
from support.kubectl import condition, eventually


def test_a_network_that_was_gone_is_noticed_and_so_is_its_return(screen: Screen) -> None:
    screen.page.context.set_offline(True)
    expect(screen.stale).to_contain_text("Offline")
    expect(screen.coins.first).to_be_visible()
    screen.page.context.set_offline(False)
    expect(screen.stale).to_have_count(0)
    expect(screen.live).to_be_visible()


def test_without_an_answer_a_skeleton_holds_the_place(empty_tab: Screen) -> None:
    with held_up(empty_tab, "**/api/**"):
        empty_tab.visit()
        expect(empty_tab.skeleton).to_be_attached()
        expect(empty_tab.table).to_have_count(0)
    expect(empty_tab.coins.first).to_be_visible()


def test_an_edit_that_takes_long_shows_at_once_and_another_can_be_begun(
    coin: str, screen: Screen, example: Stack
) -> None:
    expect(screen.price(coin)).to_be_visible()
    with held_up(screen, f"**/api/v1/bitcoins/{coin}"):
        enter(screen, coin, "123456")
        expect(screen.price(coin)).to_contain_text("123,456")
        assert example.http.coin(coin).json["price"] == HIGH
        screen.new_symbol.fill("NEW")
        expect(screen.new_symbol).to_have_value("NEW")
    screen.says(f"{coin} is now at 123,456.")
    assert example.http.coin(coin).json["price"] == 123456


@contextmanager
def held_up(screen: Screen, url: str) -> Iterator[None]:
    """Requests to it are sent when this ends."""
    waiting: list[Route] = []
    screen.page.route(url, lambda route: waiting.append(route))  # noqa: PLW0108 - it marks its handlers
    yield
    for route in waiting:
        route.continue_()
    screen.page.unroute(url)


def test_a_first_answer_that_fails_can_be_tried_again(empty_tab: Screen) -> None:
    empty_tab.page.route("**/api/**", lambda route: route.abort())
    empty_tab.visit()
    expect(empty_tab.failure).to_be_visible()
    empty_tab.page.unroute("**/api/**")
    empty_tab.retry.click()
    expect(empty_tab.coins.first).to_be_visible()
    expect(empty_tab.failure).to_have_count(0)


def test_without_a_backend_prices_stay_and_are_said_to_be_old(screen: Screen, example: Stack) -> None:
    expect(screen.coins.first).to_be_visible()
    example.kubectl.patch("btcc/demo", {"spec": {"replicas": 0}})
    expect(screen.stale).to_contain_text("updating them fails", timeout=180_000)
    expect(screen.page.get_by_text("The backend does not answer.")).to_be_visible()
    expect(screen.coins.first).to_be_visible()
    picture(screen, "stale")
    example.kubectl.patch("btcc/demo", {"spec": {"replicas": 2}})
    example.wait_ready()
    expect(screen.stale).to_have_count(0)
    expect(screen.live).to_be_visible()


def test_a_store_that_takes_no_writes_is_read_only(coin: str, screen: Screen, example: Stack) -> None:
    expect(screen.price(coin)).to_be_visible()
    with read_only(example):
        eventually("writes are refused", lambda: example.http.put_price("ETH", 3480).status == 503)
        enter(screen, coin, "123456")
        screen.says(f"{coin} stays at 100,000: PostgreSQL refused the write; nothing was changed.")
        expect(screen.refusal).to_be_visible()
        expect(screen.price_field(coin)).to_have_value("123456")
        expect(screen.live).to_be_visible()
        picture(screen, "read-only")
    eventually("writes are taken", lambda: example.http.put_price("ETH", 3480).status == 200)
    expect(screen.refusal).to_have_count(0)
    assert example.http.coin(coin).json["price"] == HIGH
    screen.price_field(coin).press("Enter")
    screen.says(f"{coin} is now at 123,456.")
    assert example.http.coin(coin).json["price"] == 123456


@contextmanager
def read_only(stack: Stack) -> Iterator[None]:
    """PostgreSQL takes no writes, as a standby or one whose disk is full."""
    stack.sql("ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf();")
    try:
        yield
    finally:
        stack.sql("ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf();")


def enter(screen: Screen, symbol: str, price: str) -> None:
    screen.price(symbol).click()
    screen.price_field(symbol).fill(price)
    screen.page.keyboard.press("Enter")


def test_without_redis_the_ranking_goes_on_past_it(coin: str, screen: Screen, example: Stack) -> None:
    example.kubectl.patch("btcc/demo", {"spec": {"paused": True}})
    eventually("paused", lambda: condition(example.resource, "Paused").get("status") == "True")
    example.kubectl.run("scale", "deployment/demo-redis", "--replicas=0")
    expect(screen.without_redis).to_be_visible(timeout=180_000)
    expect(screen.origin).to_contain_text("Redis BYPASSED · PostgreSQL")
    eventually("writes are made", lambda: example.http.put_price(coin, HIGH + 1).status == 200)
    expect(screen.price(coin)).to_contain_text("100,001")
    picture(screen, "without-redis")
    example.kubectl.patch("btcc/demo", {"spec": {"paused": False}})
    example.wait_ready()
    expect(screen.without_redis).to_have_count(0)
    expect(screen.origin).to_contain_text("Redis HIT")
