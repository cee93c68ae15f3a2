"""What a process uses, from /proc (proc(5)). Of one that has just ended memory raises LookupError."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Of all its threads, since it began."""
    # The name, in brackets, may hold spaces; what follows counts from field 3.
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mib(pid: int) -> float:
    return _status(pid, "VmRSS")


def peak_mib(pid: int) -> float:
    return _status(pid, "VmHWM")


def proportional_mib(pid: int) -> float:
    """Resident memory, in which pages that others share count in part."""
    return _named(f"/proc/{pid}/smaps_rollup", "Pss")


def _status(pid: int, name: str) -> float:
    return _named(f"/proc/{pid}/status", name)


def _named(file: str, name: str) -> float:
    for line in Path(file).read_text("utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"{file} has no {name}")
