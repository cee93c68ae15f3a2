from __future__ import annotations

import logging
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bitcoincache_app.access_log import SLOW, access_level
from bitcoincache_app.request_ids import Identity, new_request_id, request_id

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_ids_are_32_digits_and_none_comes_twice() -> None:
    ids = [new_request_id() for _ in range(1000)]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


@given(st.text())
@example("a" * 64)
@example("a" * 65)
@example("a\n")
def test_a_sane_id_is_kept_and_another_never(given_id: str) -> None:
    kept = request_id(given_id)

    assert re.fullmatch("[A-Za-z0-9._-]{1,64}", kept)
    assert kept == given_id or not re.fullmatch("[A-Za-z0-9._-]{1,64}", given_id)


def test_a_traceparent_gives_trace_and_span() -> None:
    fields = Identity("mine", f"00-{TRACE}-{SPAN}-01").fields()

    assert fields == {"request_id": "mine", "trace_id": TRACE, "span_id": SPAN}


def test_a_later_version_may_say_more() -> None:
    assert Identity("mine", f"01-{TRACE}-{SPAN}-01-more").fields()["trace_id"] == TRACE


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        "",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_without_a_right_traceparent_the_request_is_a_trace_of_its_own(traceparent: str | None) -> None:
    assert Identity(TRACE, traceparent).fields() == {"request_id": TRACE, "trace_id": TRACE}
    named, again, other = (Identity(name, traceparent).fields()["trace_id"] for name in ("mine", "mine", "other"))
    assert named == again != other
    assert re.fullmatch("[0-9a-f]{32}", named)


@pytest.mark.parametrize(
    ("status", "seconds", "level"),
    [
        (200, 0.001, logging.DEBUG),
        (304, SLOW, logging.DEBUG),
        (200, SLOW + 0.001, logging.INFO),
        (404, 0.001, logging.INFO),
        (503, 0.001, logging.INFO),
    ],
)
def test_what_failed_or_was_slow_is_logged_at_info(status: int, seconds: float, level: int) -> None:
    assert access_level(status, seconds) == level
