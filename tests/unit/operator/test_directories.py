"""A directory is made and removed for its user alone, whatever path it is told. These run as root, like the Jobs."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bitcoincache_operator.make_directory import make_directory
from bitcoincache_operator.remove_directory import remove_directory

ROOT = pytest.mark.skipif(os.getuid() != 0, reason="gives files away, which only root can")
UID, GID = 70, 71


@ROOT
def test_a_new_directory_belongs_to_its_user_alone(tmp_path: Path) -> None:
    for _ in range(2):
        make_directory(tmp_path / "data", UID, GID)
        found = (tmp_path / "data").stat()
        assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (UID, GID, 0o700)


@ROOT
def test_the_users_own_files_are_kept(tmp_path: Path) -> None:
    make_directory(tmp_path / "data", UID, GID)
    (tmp_path / "data" / "PG_VERSION").write_text("15")
    make_directory(tmp_path / "data", UID, GID)
    assert (tmp_path / "data" / "PG_VERSION").read_text() == "15"


def test_somebody_elses_files_are_not_given_away(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "shadow").write_text("secret")
    with pytest.raises(PermissionError, match="choose another path"):
        make_directory(tmp_path / "etc", UID if os.getuid() != UID else UID + 1, GID)
    assert (tmp_path / "etc").stat().st_uid == os.getuid()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="data"):
        make_directory(tmp_path / "data", UID, GID)
    with pytest.raises(OSError, match=r"symbolic link|belongs to"):
        remove_directory(tmp_path / "data", os.getuid())
    assert (tmp_path / "elsewhere").exists()


def test_removing_takes_all_that_is_in_it_and_may_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    (tmp_path / "data" / "base").mkdir(parents=True)
    (tmp_path / "data" / "base" / "link").symlink_to(tmp_path / "kept")
    for _ in range(2):
        remove_directory(tmp_path / "data", os.getuid())
        assert not (tmp_path / "data").exists()
    assert (tmp_path / "kept").exists()


def test_somebody_elses_directory_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    with pytest.raises(PermissionError, match="left as it is"):
        remove_directory(tmp_path / "etc", os.getuid() + 1)
    assert (tmp_path / "etc").exists()


@pytest.mark.parametrize("module", ["make_directory", "remove_directory"])
def test_a_refusal_is_an_exit_code_and_a_sentence(module: str, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "shadow").write_text("secret")
    other = str(os.getuid() + 1)
    command = [sys.executable, "-m", f"bitcoincache_operator.{module}", str(tmp_path / "etc"), other, other]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "etc" in done.stderr
    assert "Traceback" not in done.stderr
