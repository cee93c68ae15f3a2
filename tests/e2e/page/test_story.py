"""The cache, seen: a MISS that turns into a HIT, and a priming."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.conftest import Stack
from e2e.page.conftest import picture
from page.screen import Screen


def test_an_evicted_coin_is_a_miss_and_then_a_hit(screen: Screen) -> None:
    screen.story("ETH").click()
    expect(screen.events).to_have_count(1)
    read_through_cache(screen)
    screen.evict.click()
    expect(screen.events.first).to_contain_text("Evicted")
    read_through_cache(screen)
    expect(screen.events.first).to_contain_text("Redis MISS")
    expect(screen.events.first).to_contain_text("PostgreSQL")
    picture(screen, "story-miss")
    read_through_cache(screen)
    expect(screen.events.first).to_contain_text("Redis HIT")
    picture(screen, "story-hit")


def read_through_cache(screen: Screen) -> None:
    """Until Redis was asked: a backend goes past one that keeps it waiting, as on a slow machine it may."""
    while True:
        told = screen.events.count()
        screen.read_again.click()
        expect(screen.events).to_have_count(told + 1)
        if "BYPASSED" not in screen.events.first.inner_text():
            return


def test_a_story_tells_version_rank_and_last_write(coin: str, screen: Screen, example: Stack) -> None:
    expect(screen.coin(coin)).to_be_visible()
    screen.story(coin).click()
    version = example.http.coin(coin).json["version"]
    expect(screen.dialog).to_contain_text(f"Version{version}")
    expect(screen.dialog).to_contain_text("1 of 101")
    expect(screen.dialog).to_contain_text("Last write")
    screen.page.keyboard.press("Escape")
    expect(screen.story(coin)).to_be_focused()


def test_a_priming_fills_the_cache_and_its_tile_tells(coin: str, screen: Screen, example: Stack) -> None:
    evicted = example.http.request("DELETE", f"/api/v1/cache/bitcoins/{coin}")
    assert evicted.json == {"symbol": coin, "evicted": True}
    screen.prime.click()
    expect(screen.status).to_have_text(re.compile(r"Primed \d+ keys\."))
    expect(screen.fact("Last primed")).to_contain_text("just now")
    assert "hit" in example.through_cache(coin).cache


def test_each_answer_is_told_by_its_source(screen: Screen) -> None:
    answers = screen.page.get_by_role("list", name="The last answers")
    expect(answers.get_by_role("listitem").first).to_contain_text("Ranking 1")
    expect(answers.get_by_role("listitem").filter(has_text="Redis HIT").first).to_be_visible()
