"""Chromium, the distribution's, driven by Playwright."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from playwright.sync_api import Browser, Page, sync_playwright

_PROGRAM: Final = "/usr/bin/chromium"
_OPTIONS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic")
_PATIENCE: Final = 60.0

T = TypeVar("T")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_PROGRAM, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def awaited(page: Page, seen: Callable[[], T | None]) -> T:
    """What is seen at last, where no locator can tell; Playwright's own way needs a page that lets text become code.

    Raises AssertionError if nothing, or something false, is seen for too long.
    """
    give_up = time.monotonic() + _PATIENCE
    while not (found := seen()):
        assert time.monotonic() < give_up, "waited in vain"
        page.wait_for_timeout(20)
    return found
