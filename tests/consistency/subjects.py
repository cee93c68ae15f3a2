"""The services that can be put to the test: ours, and the textbook's, which must fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bitcoincache_api.contract import SERVE_COMMAND, Env

_ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Subject:
    """``schema`` is SQL to run before it starts. ``tells_hits``: its answers say whether they are out of the cache."""

    name: str
    command: tuple[str, ...]
    tells_hits: bool
    schema: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)


def ours() -> Subject:
    return Subject("bitcoincache", (sys.executable, *SERVE_COMMAND[1:]), tells_hits=True)


def textbook() -> Subject:
    """Read-through and write-through without a protocol."""
    schema = (_ROOT / "tests/bench/gin/schema.sql").read_bytes()
    return Subject("textbook", (str(_yardstick() / "gin"),), tells_hits=False, schema=schema)


def textbook_uncached() -> Subject:
    """The same, reading past Redis: what the checker must find right."""
    cached = textbook()
    return Subject(
        "textbook, uncached", cached.command, tells_hits=False, schema=cached.schema, environment={"UNCACHED": "1"}
    )


def environment(subject: Subject, port: int, postgres_port: int, redis_port: int) -> dict[str, str]:
    variables = {
        Env.PORT: port,
        Env.POSTGRES_HOST: "127.0.0.1",
        Env.POSTGRES_PORT: postgres_port,
        Env.POSTGRES_DB: "postgres",
        Env.POSTGRES_USER: "postgres",
        Env.POSTGRES_PASSWORD: "unused",
        Env.REDIS_HOST: "127.0.0.1",
        Env.REDIS_PORT: redis_port,
        Env.LOG_LEVEL: "warning",
    }
    return {**os.environ, **subject.environment, **{name.value: str(value) for name, value in variables.items()}}


def _yardstick() -> Path:
    made = os.environ.get("BITCOINCACHE_YARDSTICK_BIN")
    if made:
        return Path(made)
    tools = _ROOT / "hack/tools.sh"
    return Path(subprocess.run([tools, "yardstick"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
