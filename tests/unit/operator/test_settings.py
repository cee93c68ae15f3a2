"""An operator that wasn't told enough says what is missing, and doesn't start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError

from bitcoincache_operator.builders.storage import Helper
from bitcoincache_operator.settings import Settings
from support.operator_process import IMAGES


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for component, image in IMAGES.items():
        monkeypatch.setenv(f"BITCOINCACHE_IMAGE_{component}", image)
    monkeypatch.setenv("BITCOINCACHE_OPERATOR_NAMESPACE", "system")
    monkeypatch.setenv("BITCOINCACHE_STORAGE_HELPER_IMAGE", "operator:1")
    return monkeypatch


def settings() -> Settings:
    return Settings.model_validate({})


def test_images_and_policy_come_from_the_environment(told: pytest.MonkeyPatch) -> None:
    assert settings().images().redis == IMAGES["REDIS"]
    assert settings().storage_policy().helper == Helper("system", "operator:1")


def test_the_helper_is_pulled_by_the_secrets_that_are_named(told: pytest.MonkeyPatch) -> None:
    told.setenv("BITCOINCACHE_STORAGE_HELPER_PULL_SECRETS", "login,another")
    assert settings().storage_policy().helper == Helper("system", "operator:1", ("login", "another"))


def test_without_directory_jobs_there_is_no_helper(told: pytest.MonkeyPatch) -> None:
    told.setenv("BITCOINCACHE_STORAGE_DIRECTORY_JOBS", "false")
    told.delenv("BITCOINCACHE_STORAGE_HELPER_IMAGE")
    assert settings().storage_policy().helper is None


def test_directory_jobs_need_an_image(told: pytest.MonkeyPatch) -> None:
    told.delenv("BITCOINCACHE_STORAGE_HELPER_IMAGE")
    with pytest.raises(ValidationError, match="name the operator's image"):
        settings()


def test_served_namespaces_include_the_operators_own(told: pytest.MonkeyPatch) -> None:
    assert settings().served_namespaces() == ()
    told.setenv("BITCOINCACHE_NAMESPACES", "b, a,")
    assert settings().served_namespaces() == ("a", "b", "system")


def test_what_is_missing_is_named_and_nothing_starts() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("BITCOINCACHE_")}
    done = subprocess.run(
        [sys.executable, "-m", "bitcoincache_operator"],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "BITCOINCACHE_IMAGE_BACKEND: Field required" in done.stderr
    assert "Traceback" not in done.stderr
