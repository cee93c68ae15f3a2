"""Logs that others still write."""

from __future__ import annotations

from pathlib import Path


def whole_lines(log: Path, begin: int = 0) -> list[str]:
    """Those that are written to their end, from that offset in bytes on."""
    return log.read_bytes()[begin:].rpartition(b"\n")[0].decode().splitlines()
