"""Coins of every kind that the API may send."""

from __future__ import annotations

from datetime import UTC
from typing import Final

from hypothesis import strategies as st

from bitcoincache_api.http import MAX_PRICE, Bitcoin

COINS: Final = st.builds(
    Bitcoin,
    symbol=st.from_regex(r"[A-Z0-9]{1,10}", fullmatch=True),
    price=st.integers(0, MAX_PRICE),
    created_at=st.datetimes(timezones=st.just(UTC)),
    updated_at=st.datetimes(timezones=st.just(UTC)),
    version=st.integers(1, 10**18 - 1),
)
