"""Quantities as the API server would write them, so that it never rewrites what was applied."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bitcoincache_api.quantities import parse_quantity

_BINARY: Final = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL: Final = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")
_FACTORS: Final = {
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(_DECIMAL, start=-3)},
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(_BINARY, start=1)},
}


@lru_cache(1024)
def canonical(text: str) -> str:
    """The canonical form (k8s.io/apimachinery, resource.Quantity): no fraction, the largest suffix, the family kept.

    Raises ValueError where the text is no quantity.
    """
    value = parse_quantity(text)
    if text.endswith("i") and value >= 1024 and value == value.to_integral_value():
        return _with_suffix(value, 1024, ("", *_BINARY))
    return _with_suffix(value * 10**9, 1000, _DECIMAL)


def amount(text: str) -> Decimal:
    """The value of a quantity that the API server wrote, in its base unit. Raises ValueError where it is none.

    The server knows more forms than a resource may have: exponents, and suffixes from nano to exa.
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]+)|([a-zA-Z]{0,2}))", text, re.ASCII)
    if not found or (found[3] or "") not in _FACTORS:
        raise ValueError(f"{text!r} is no quantity")
    return Decimal(found[1]) * (Decimal(10) ** int(found[2]) if found[2] else _FACTORS[found[3]])


def _with_suffix(mantissa: Decimal, step: int, suffixes: tuple[str, ...]) -> str:
    if mantissa == 0:
        return "0"
    power = 0
    while mantissa % step == 0 and power < len(suffixes) - 1:
        mantissa /= step
        power += 1
    return f"{int(mantissa)}{suffixes[power]}"
