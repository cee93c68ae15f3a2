"""The page in Chromium over the fake API of its unit tests, served as a stack serves it: no cluster, no backend."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from page.screen import Screen
from page.tab import tab
from support.chromium import chromium
from support.nginx import nginx
from support.page_build import built

expect.set_options(timeout=30_000)
ARTIFACTS: Final = Path(os.environ.get("BITCOINCACHE_ARTIFACTS", "artifacts")) / "page"


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is."""
    with nginx(built(tmp_path_factory.mktemp("mock"), "vite.mock.config.ts")) as client:
        yield client.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def screen(browser: Browser, host: str) -> Iterator[Screen]:
    """An empty tab, wide and light."""
    with tab(browser, host) as screen:
        yield screen
        assert screen.unexpected == []
