"""Chance that turns out the same each time."""

from __future__ import annotations

import random


def chance_of(seed: float) -> random.Random:
    return random.Random(seed)  # noqa: S311 - to be the same each time
