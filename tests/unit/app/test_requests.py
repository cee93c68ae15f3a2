"""What clients may send, by its models."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bitcoincache_api.http import MAX_PRICE, NewBitcoin, Symbol
from bitcoincache_app.problems import invalid

SYMBOLS: TypeAdapter[str] = TypeAdapter(Symbol)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(st.from_regex(r"[A-Za-z0-9]{1,10}", fullmatch=True))
def test_letters_and_digits_are_a_symbol_in_upper_case(text: str) -> None:
    assert SYMBOLS.validate_python(text) == text.upper()


@given(st.text())
@example("ß")
@example("\u212a")
@example("\u0131")
@example("BTC\n")
@example("B\x00C")
def test_whatever_passes_for_a_symbol_is_one(text: str) -> None:
    try:
        symbol = SYMBOLS.validate_python(text)
    except ValidationError:
        return
    assert re.fullmatch("[A-Z0-9]{1,10}", symbol)


@given(st.integers(0, MAX_PRICE))
def test_a_price_in_range_is_taken_as_it_is(price: int) -> None:
    assert NewBitcoin.model_validate_json(b'{"symbol":"BTC","price":%d}' % price).price == price


@given(st.integers(0, MAX_PRICE))
def test_a_whole_number_is_a_price_however_json_spells_it(price: int) -> None:
    assert NewBitcoin.model_validate_json(b'{"symbol":"BTC","price":%d.0}' % price).price == price


def _is_price(value: object) -> bool:
    whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    return whole and 0 <= value <= MAX_PRICE  # type: ignore[operator]  # a number, if whole


@given(JSON.filter(lambda value: not _is_price(value)))
def test_anything_else_is_no_price(price: object) -> None:
    with pytest.raises(ValidationError):
        NewBitcoin.model_validate({"symbol": "BTC", "price": price})


@given(st.binary())
@example(b"[" * 10_000)
@example(b'{"symbol":"BTC","price":' + b"9" * 5000 + b"}")
def test_any_bytes_are_a_coin_or_a_refusal_with_a_status(body: bytes) -> None:
    try:
        NewBitcoin.model_validate_json(body)
    except ValidationError as error:
        refusal = invalid(error, "body")
        assert refusal.status in {400, 422}
        assert bool(refusal.errors) == (refusal.status == 422)
