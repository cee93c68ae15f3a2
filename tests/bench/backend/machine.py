"""The machine, and what else it did meanwhile: from /proc (proc(5))."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_IDLE: Final = (3, 4)
"""Fields of a line of /proc/stat: nothing to do, and nothing to do but wait for a disk."""

_STEAL: Final = 7


@dataclass(frozen=True, slots=True)
class Busy:
    """Parts of the time, from 0 to 1: that each core was busy, and that the hypervisor kept it from running at all."""

    cores: Mapping[int, float]
    stolen: float


class Watch:
    """Looks from its making on."""

    def __init__(self) -> None:
        self._before = _ticks()

    def busy(self) -> Busy:
        spent = {
            core: [now - before for now, before in zip(ticks, self._before[core], strict=True)]
            for core, ticks in _ticks().items()
        }
        cores = {core: 1 - sum(ticks[field] for field in _IDLE) / sum(ticks) for core, ticks in spent.items()}
        stolen = sum(ticks[_STEAL] for ticks in spent.values()) / sum(map(sum, spent.values()))
        return Busy(cores, stolen)


def cores() -> str:
    """How many, and of which make."""
    models = (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name"))
    return f"{os.cpu_count()} cores ({next(models, platform.machine())})"


def python(program: Path) -> str:
    """Which one it is."""
    told = subprocess.run((str(program), "--version"), capture_output=True, text=True, check=True)
    return told.stdout.strip()


def load_averages() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def _ticks() -> Mapping[int, list[int]]:
    """By core, without the times of guests, which are in others already."""
    lines = (line.split() for line in _lines("/proc/stat"))
    return {int(name[3:]): [int(tick) for tick in ticks[:8]] for name, *ticks in lines if name[:3] == "cpu" != name}


def _lines(file: str) -> list[str]:
    return Path(file).read_text("utf-8").splitlines()
