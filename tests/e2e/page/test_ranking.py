"""What is stored, in its order, with where it came from; and what happens to it, as it happens."""

from __future__ import annotations

from playwright.sync_api import expect

from e2e.conftest import Stack
from e2e.page.conftest import HIGH
from page.screen import Screen

MINUTE = 60_000


def test_the_coins_of_the_example_are_ranked_as_the_api_ranks_them(screen: Screen, example: Stack) -> None:
    expect(screen.table).to_have_attribute("aria-rowcount", "101")
    for number, coin in enumerate(example.http.ranking()[:10]):
        expect(screen.coins.nth(number)).to_contain_text(coin["symbol"])
        expect(screen.coins.nth(number)).to_contain_text(f"{coin['price']:,}")


def test_it_says_where_the_ranking_came_from(screen: Screen) -> None:
    expect(screen.origin).to_contain_text("Redis HIT")
    expect(screen.origin).to_contain_text("left")


def test_it_polls_as_often_as_the_resource_says(screen: Screen, example: Stack) -> None:
    assert example.http.get("/config.json").json == {"pollInterval": 1000}
    expect(screen.live).to_have_text("Live · every 1 s")
    before = screen.polls
    screen.until(lambda: screen.polls > before + 1)


def test_what_others_write_moves_the_row_and_shows_the_change(coin: str, screen: Screen, example: Stack) -> None:
    expect(screen.coins.first).to_contain_text(coin)
    assert example.http.put_price(coin, HIGH * 4 // 5).status == 200
    assert example.http.put_price("ETH", HIGH).status == 200
    expect(screen.coins.first).to_contain_text("ETH")
    expect(screen.coins.nth(1)).to_contain_text(coin)
    expect(screen.coin(coin)).to_contain_text("▼ \N{MINUS SIGN}20%")
    assert example.http.put_price("ETH", 3480).status == 200
    expect(screen.coins.first).to_contain_text(coin)
    assert example.http.put_price(coin, HIGH).status == 200
    expect(screen.coin(coin)).to_contain_text("▲ +25%")


def test_what_others_add_and_delete_comes_and_goes(screen: Screen, example: Stack) -> None:
    assert example.http.put_price("GUEST", HIGH).status == 201
    expect(screen.coins.first).to_contain_text("GUEST")
    assert example.http.request("DELETE", "/api/v1/bitcoins/GUEST").status == 204
    expect(screen.coin("GUEST")).to_have_count(0)


def test_a_hidden_tab_asks_nothing_until_it_is_seen_again(empty_tab: Screen) -> None:
    empty_tab.page.clock.install()
    empty_tab.visit()
    expect(empty_tab.coins.first).to_be_visible()
    empty_tab.see(visible=False)
    asked = len(empty_tab.asked)
    empty_tab.page.clock.run_for(10 * MINUTE)
    assert empty_tab.asked[asked:] == []
    before = empty_tab.polls
    empty_tab.see(visible=True)
    empty_tab.until(lambda: empty_tab.polls > before)


def test_a_search_that_finds_nothing_can_be_taken_back(screen: Screen) -> None:
    screen.search.fill("NOSUCHCOIN")
    expect(screen.no_match).to_be_visible()
    screen.search.fill("btc")
    expect(screen.coin("WBTC")).to_be_visible()
    expect(screen.coin("ETH")).to_have_count(0)
