"""What nginx is told of the page: what it may load, what is kept of it and for how long, and that it is small."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bitcoincache_operator.builders import frontend
from support.specs import stack

ROOT: Final = Path(__file__).parents[3]


def _server() -> str:
    [config] = [item for item in frontend.foundation(stack()) if item["kind"] == "ConfigMap"]
    return str(config["data"]["default.conf"])


def _policy() -> dict[str, str]:
    [policy] = re.findall(r'add_header Content-Security-Policy "([^"]+)" always;', _server())
    return dict(directive.split(" ", 1) for directive in policy.split("; "))


def _age(location: str) -> str:
    """What Cache-Control says of this location; the server's own where it says nothing itself."""
    [block] = re.findall(rf"location {re.escape(location)} {{(.*?)\n  }}", _server(), re.DOTALL)
    [of_server] = re.findall(r'^  set \$page_age "(.*)";', _server(), re.MULTILINE)
    own = re.findall(r'set \$page_age "(.*)";', block)
    return str(own[0] if own else of_server)


def test_nothing_is_loaded_but_from_its_own_host_and_nothing_inline() -> None:
    policy = _policy()

    assert policy.pop("default-src") == "'none'"
    assert policy.pop("base-uri") == policy.pop("frame-ancestors") == "'none'"
    assert policy.keys() == {"script-src", "style-src", "img-src", "connect-src", "manifest-src", "form-action"}
    assert set(policy.values()) == {"'self'"}


def test_the_backends_own_page_needs_no_more_than_the_policy_allows() -> None:
    """It passes through nginx, whose policy holds for it as well as its own."""
    docs = ROOT / "app/bitcoincache_app/docs"
    page, script = (docs / "page.html").read_text("utf-8"), (docs / "page.js").read_text("utf-8")

    loaded = re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]*)"', page)
    asked = re.findall(r'fetch\("([^"]*)"', script)
    assert loaded == ["/docs/assets/page.css", "/docs/assets/page.js"]
    assert asked == ["/openapi.json"]
    assert not re.search(r"<style|<script>| style=| on[a-z]+=", page)
    assert {"script-src", "style-src", "connect-src"} <= _policy().keys()


def test_what_is_named_by_its_contents_is_kept_the_page_that_names_it_is_not() -> None:
    assert _age("/assets/") == "public, max-age=31536000, immutable"
    assert _age("= /index.html") == "no-store"
    assert _age("= /config.json") == _age("/") == "no-cache"
    assert "try_files $uri /index.html;" in _server()


def test_files_that_were_compressed_when_the_page_was_built_are_sent_so() -> None:
    assert re.search(r"^  gzip_static on;$", _server(), re.MULTILINE)
    assert "gzip -9 --keep" in (ROOT / "frontend/Dockerfile").read_text("utf-8")


def test_no_location_drops_the_headers_of_the_server() -> None:
    """nginx gives up all of them where a location adds one of its own."""
    assert len({len(indent) for indent in re.findall(r"^( *)add_header", _server(), re.MULTILINE)}) == 1
