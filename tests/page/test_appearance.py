"""Each state of the page, light and dark, wide and narrow. Its picture is left in artifacts/page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import pytest
from playwright.sync_api import Browser

from page.axe import violations
from page.conftest import ARTIFACTS
from page.screen import Screen
from page.states import STATES, Way
from page.states_of_features import STATES_OF_FEATURES
from page.tab import THEMES, WIDTHS, Theme, tab

ALL: Final[Mapping[str, Way]] = {**STATES, **STATES_OF_FEATURES}


@pytest.fixture(scope="module", params=product(ALL, WIDTHS), ids=lambda shape: "-".join(map(str, shape)))
def shown(request: pytest.FixtureRequest, browser: Browser, host: str) -> Iterator[Screen]:
    """The page in one of its states, for all the tests below: they look and touch nothing."""
    state, width = request.param
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    with tab(browser, host, width=width) as screen:
        try:
            ALL[state](screen)
        finally:
            for theme in THEMES:
                screen.page.emulate_media(color_scheme=theme)
                screen.page.screenshot(path=ARTIFACTS / f"{state}-{theme}-{width}.png")
        yield screen


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(shown: Screen, theme: Theme) -> None:
    shown.page.emulate_media(color_scheme=theme)
    found = violations(shown.page)
    assert not found, "\n".join(found)


def test_nothing_scrolls_sideways(shown: Screen) -> None:
    assert not shown.scrolls_sideways


def test_no_other_host_is_asked(shown: Screen) -> None:
    assert shown.other_hosts == set()


def test_the_console_has_nothing_to_complain_of(shown: Screen) -> None:
    """What the Content-Security-Policy forbids would be said there."""
    assert shown.unexpected == []


@pytest.mark.parametrize("width", [360, 641, 683, 768, 900, 1024])
def test_nothing_scrolls_sideways_between_those_widths(browser: Browser, host: str, width: int) -> None:
    """Tablets, and a wide screen that is zoomed: the rows' columns give way."""
    with tab(browser, host, width=width) as screen:
        ALL["editing"](screen)
        assert not screen.scrolls_sideways
        last = screen.delete("WBTC").bounding_box()
        assert last is not None
        assert last["x"] + last["width"] < width
