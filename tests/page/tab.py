"""A tab that somebody opens the page in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from playwright.sync_api import Browser, ViewportSize

from page.screen import Screen

HEIGHT: Final = 1400
"""Of more than one screen, for only the rows that are seen are in the document."""

Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
WIDTHS: Final = (1280, 320)


@contextmanager
def tab(browser: Browser, host: str, *, width: int = 1280) -> Iterator[Screen]:
    """Of a person who wants nothing to move: what is seen is then seen at rest. It knows nothing of the page yet."""
    viewport: ViewportSize = {"width": width, "height": HEIGHT}
    context = browser.new_context(viewport=viewport, color_scheme="light", reduced_motion="reduce")
    try:
        yield Screen(context.new_page(), host)
    finally:
        context.close()
