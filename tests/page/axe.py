"""axe, which looks for what keeps people from using a page (https://github.com/dequelabs/axe-core)."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

from support.page_build import FRONTEND

_SOURCE: Final = (FRONTEND / "node_modules/axe-core/axe.min.js").read_text("utf-8")
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA is made of the rules that came with each version, and axe's own advice comes on top."""


def violations(page: Page) -> list[str]:
    """Each with its rule, where it is and what to do."""
    # By the debugger, which no Content-Security-Policy binds.
    page.evaluate(_SOURCE)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", _TAGS)
    return [_text(rule, node) for rule in found["violations"] for node in rule["nodes"]]


def _text(rule: dict[str, Any], node: dict[str, Any]) -> str:
    target = " ".join(map(str, node["target"]))
    return f"{rule['id']} at {target}: {node['failureSummary']}\n  {node['html']}"
