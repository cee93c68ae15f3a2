"""How much a browser has to load."""

from __future__ import annotations

import gzip
from pathlib import Path


def javascript_kb(page: Path) -> float:
    """Of all scripts of the built page, each compressed as well as gzip can, in thousands of bytes."""
    return sum(len(gzip.compress(script.read_bytes(), 9)) for script in page.rglob("*.js")) / 1000
