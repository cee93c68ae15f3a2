"""Priming a large table: how many rows per second, and how much memory the program needs at most."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from bench import usage
from bench.backend.services import Place, backend_command

_LOOK: Final = 0.1
"""Seconds. The kernel keeps the highest; only what the last of them adds is missed."""

_FILL: Final = "INSERT INTO bitcoins (symbol, price) SELECT 'P' || n, n FROM generate_series(1, %s) AS n"


@dataclass(frozen=True, slots=True)
class Primed:
    """``seconds`` from the program's start to its end; ``peak`` is its highest resident memory in MiB."""

    rows: int
    keys: int
    seconds: float
    peak: float


def primed(python: Path, place: Place, rows: int) -> Primed:
    """Primes a database that has no table yet and gets this many rows."""
    _prime(python, place)  # makes the schema
    with psycopg.connect(place.conninfo, autocommit=True) as connection:
        connection.execute(_FILL, [rows])
        connection.execute("VACUUM ANALYZE bitcoins")
    peak, seconds = _prime(python, place)
    with place.client() as redis:
        keys = sum(1 for _ in redis.scan_iter("bitcoin:P*", count=10_000))
    return Primed(rows, keys, seconds, peak)


def _prime(python: Path, place: Place) -> tuple[float, float]:
    """Peak and seconds."""
    environment = {**os.environ, **place.environment(port=1)}
    began, peak = time.monotonic(), 0.0
    with subprocess.Popen(
        backend_command(python, "bitcoincache_app.prime"), env=environment, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            with suppress(LookupError):
                peak = max(peak, usage.peak_mib(process.pid))
            time.sleep(_LOOK)
    assert process.returncode == 0, f"priming failed with {process.returncode}"
    return peak, time.monotonic() - began
