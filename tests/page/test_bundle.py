"""What a browser is given to load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.page.bundle import javascript_kb
from support.page_build import built

LARGEST_KB = 120


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("dist"))


def test_the_fake_api_is_not_in_it(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert knows_of_msw(built(tmp_path_factory.mktemp("mock"), "vite.mock.config.ts")), "or this looks for nothing"
    assert not knows_of_msw(bundle)


def knows_of_msw(folder: Path) -> bool:
    return any(b"mockServiceWorker" in file.read_bytes() for file in folder.rglob("*.js"))


def test_it_is_small(bundle: Path) -> None:
    assert javascript_kb(bundle) <= LARGEST_KB


def test_whatever_may_be_kept_for_a_year_is_named_by_its_contents(bundle: Path) -> None:
    assert all(re.search(r"-[\w-]{8}\.\w+$", file.name) for file in (bundle / "assets").iterdir())
