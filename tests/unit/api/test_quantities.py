from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.quantities import DURATION_PATTERN, QUANTITY_PATTERN, parse_duration, parse_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [("500m", "0.5"), ("1", "1"), ("1.5", "1.5"), ("5Gi", str(5 * 2**30)), ("2k", "2000"), ("1M", "1000000")],
)
def test_a_quantity_is_read_in_its_base_unit(text: str, value: str) -> None:
    assert parse_quantity(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "Gi", "-1", "1e3", "5 Gi", "5gi", "1.", "٣", "5Gi\n"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no quantity"):
        parse_quantity(text)


@pytest.mark.parametrize(("text", "seconds"), [("1h", 3600), ("1h30m", 5400), ("90s", 90), ("5m1s", 301)])
def test_a_duration_is_read_in_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "1d", "-1s", "1.5h", "1h 5m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        parse_duration(text)


@given(st.from_regex(QUANTITY_PATTERN, fullmatch=True))
def test_whatever_the_pattern_lets_in_is_read(text: str) -> None:
    assert parse_quantity(text) >= 0


@given(st.from_regex(DURATION_PATTERN, fullmatch=True))
def test_whatever_the_duration_pattern_lets_in_is_read(text: str) -> None:
    assert parse_duration(text) >= 0
