"""How the stack's own nginx delivers the page: safe, small, and kept as long as it may be."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from e2e.conftest import Stack
from page.screen import Screen
from support.http import Answer

LARGEST = 120_000
"""Bytes of JavaScript."""


@pytest.mark.parametrize("path", ["/", "/index.html", "/config.json", "/assets/nothing.js", "/api/v1/bitcoins"])
def test_the_policy_lets_in_nothing_inline_and_nobody_else(example: Stack, path: str) -> None:
    policy = example.http.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "data:", "blob:", "http", "*"))


@pytest.mark.parametrize("path", ["/", "/index.html", "/?q=BTC"])
def test_the_index_is_not_kept(example: Stack, path: str) -> None:
    assert example.http.get(path).headers["cache-control"] == "no-store"


def test_what_is_named_by_its_contents_is_kept_for_a_year(screen: Screen, example: Stack) -> None:
    assets = loaded(screen, "/assets/")
    assert assets
    kept = {example.http.get(path).headers["cache-control"] for path in assets}
    assert kept == {"public, max-age=31536000, immutable"}


def test_its_scripts_come_compressed_and_are_small(screen: Screen, example: Stack) -> None:
    scripts = [compressed(example, path) for path in loaded(screen, "/assets/") if path.endswith(".js")]
    assert scripts
    assert {script.headers["content-encoding"] for script in scripts} == {"gzip"}
    assert sum(len(script.body) for script in scripts) <= LARGEST


def test_a_long_ranking_comes_compressed(example: Stack) -> None:
    assert compressed(example, "/api/v1/bitcoins").headers["content-encoding"] == "gzip"


def test_no_other_host_is_asked(screen: Screen) -> None:
    screen.until(lambda: screen.polls > 2)
    assert screen.other_hosts == set()


def test_the_api_explains_itself_on_a_page(empty_tab: Screen, example: Stack) -> None:
    empty_tab.page.goto(f"{example.http.address}/docs")
    expect(empty_tab.page.get_by_text("/api/v1/bitcoins/{symbol}").first).to_be_visible()
    assert empty_tab.other_hosts == set()


def loaded(screen: Screen, below: str) -> set[str]:
    """The paths below one that the page asked for."""
    paths = {urlsplit(url).path for url in screen.asked}
    return {path for path in paths if path.startswith(below)}


def compressed(stack: Stack, path: str) -> Answer:
    """The answer as it goes over the wire to a browser."""
    return stack.http.request("GET", path, headers={"Accept-Encoding": "gzip"})
