"""Quantities are written as the API server would write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.quantities import QUANTITY_PATTERN, parse_quantity
from bitcoincache_operator.builders.quantity import amount, canonical

# What a real API server gives back for a container's memory limit that was applied as the first of each.
WRITTEN = [
    ("512Mi", "512Mi"),
    ("1024Mi", "1Gi"),
    ("0.5Gi", "512Mi"),
    ("1.5Gi", "1536Mi"),
    ("1000m", "1"),
    ("0.1", "100m"),
    ("1500", "1500"),
    ("2000", "2k"),
    ("1000M", "1G"),
    ("0", "0"),
    ("0.5Ki", "512"),
    ("1.001Ki", "1025024m"),
]


@pytest.mark.parametrize(("text", "written"), WRITTEN)
def test_a_quantity_is_written_canonically(text: str, written: str) -> None:
    assert canonical(text) == written


@given(st.from_regex(QUANTITY_PATTERN, fullmatch=True))
def test_the_canonical_form_means_the_same(text: str) -> None:
    assert amount(canonical(text)) == min(parse_quantity(text), 2**63 - 1)


@pytest.mark.parametrize(
    ("text", "value"), [("5e9", 5_000_000_000), ("1.5E3", 1500), ("2Ei", 2**61), ("3u", "0.000003")]
)
def test_every_form_that_the_server_writes_is_read(text: str, value: int | str) -> None:
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "Gi", "1 Gi", "1X", "-1", "1e", "0x10"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quantity"):
        amount(text)
