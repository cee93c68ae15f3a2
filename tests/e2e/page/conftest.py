"""The page in Chromium against a real stack with the coins of the example, which all modules of this folder share."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from e2e.conftest import ARTIFACTS, Stack, Standing
from page.screen import Screen
from page.tab import tab
from support.chromium import chromium

expect.set_options(timeout=60_000)
COINS: Final = Path(__file__).parents[3] / "examples/coins.csv"
HIGH: Final = 100_000
"""A price above those of the example: its coin is where one sees it."""

SPEC: Final[dict[str, Any]] = {
    "cache": {"controls": True},
    "frontend": {"pollInterval": "1s"},
    "redisInsight": {"enabled": False},
}
_EXAMPLE: Final = pytest.StashKey[Stack]()
_NUMBERS: Final = itertools.count(1)


def picture(screen: Screen, name: str) -> None:
    """For a person's eye."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=ARTIFACTS / f"{name}.png")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def example(request: pytest.FixtureRequest, standing: Standing) -> Stack:
    """With its hundred coins. It comes up once and goes with the folder's last module: pytest has no such scope."""
    folder: pytest.Collector = request.node.parent
    if _EXAMPLE not in folder.stash:
        life = ExitStack()
        folder.addfinalizer(life.close)
        stack = life.enter_context(standing("page"))
        stack.apply(**SPEC)
        stack.wait_ready()
        with COINS.open(newline="", encoding="utf-8") as file:
            for coin in csv.DictReader(file):
                assert stack.http.put_price(coin["symbol"], int(coin["price"])).status == 201
        folder.stash[_EXAMPLE] = stack
    return folder.stash[_EXAMPLE]


@pytest.fixture
def coin(example: Stack) -> Iterator[str]:
    """A coin of the test's own, the first of the ranking."""
    symbol = f"TEST{next(_NUMBERS)}"
    assert example.http.put_price(symbol, HIGH).status == 201
    yield symbol
    example.http.request("DELETE", f"/api/v1/bitcoins/{symbol}")


@pytest.fixture
def empty_tab(browser: Browser, example: Stack) -> Iterator[Screen]:
    with tab(browser, example.http.address) as screen:
        yield screen
        assert screen.unexpected == []


@pytest.fixture
def screen(empty_tab: Screen) -> Screen:
    """The ranking, loaded."""
    empty_tab.visit()
    expect(empty_tab.coins.first).to_be_visible()
    return empty_tab
