"""Kubernetes quantities and durations as the resource writes them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

QUANTITY_PATTERN: Final = r"^[0-9]{1,12}(\.[0-9]{1,3})?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?$"
"""The part of Kubernetes's grammar that people write: no sign, no exponent."""

DURATION_PATTERN: Final = r"^([0-9]{1,6}(h|m|s)){1,3}$"

_SCALE: Final = {
    "": Decimal(1),
    "m": Decimal("0.001"),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(("k", "M", "G", "T", "P"), start=1)},
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi"), start=1)},
}
_MOST: Final = Decimal(2**63 - 1)
"""The API server caps quantities there."""

_SECONDS: Final = {"h": 3600, "m": 60, "s": 1}


def parse_quantity(text: str) -> Decimal:
    """The value of a quantity in its base unit (cores, bytes). Raises ValueError where it is none."""
    if not re.fullmatch(QUANTITY_PATTERN, text, re.ASCII):
        raise ValueError(f"{text!r} is no quantity: write a number and a unit, such as 500m or 5Gi")
    number = text.rstrip("mkKMGTPi")
    return min(Decimal(number) * _SCALE[text[len(number) :]], _MOST)


def parse_duration(text: str) -> int:
    """A duration such as ``1h30m`` in seconds. Raises ValueError where it is none."""
    if not re.fullmatch(DURATION_PATTERN, text, re.ASCII):
        raise ValueError(f"{text!r} is no duration: write hours, minutes and seconds, such as 1h30m or 5s")
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"([0-9]+)(h|m|s)", text))
