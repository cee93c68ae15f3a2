from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.chart import Manifest, client_tools, rendered

Render = Callable[..., list[Manifest]]


@pytest.fixture(scope="session")
def helm() -> Path:
    return client_tools() / "helm"


@pytest.fixture(scope="session")
def render(helm: Path) -> Render:
    """``render(values, release=...)``: every object of the chart."""

    def render(values: Any = None, release: str = "release") -> list[Manifest]:
        return rendered(helm, values, release=release)

    return render


@pytest.fixture(scope="session")
def default(render: Render) -> list[Manifest]:
    """The chart with its defaults."""
    return render()
