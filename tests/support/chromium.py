"""Chromium, the distribution's, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

_PROGRAM: Final = "/usr/bin/chromium"
_OPTIONS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_PROGRAM, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()
