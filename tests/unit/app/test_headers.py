from __future__ import annotations

import re

from aiohttp import ETag
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_app.answers import Outcome
from bitcoincache_app.headers import accepts_gzip, cache_status
from bitcoincache_app.timing import measured, server_timing, spent
from bitcoincache_app.views import _versions

# RFC 9211: a list member is an item with parameters; ttl is an integer, stored a boolean, fwd a token.
_CACHE_STATUS = re.compile(r"redis; (hit; ttl=\d+|fwd=(uri-miss|bypass)(; stored)?)")


@given(st.sampled_from(Outcome), st.integers(0, 10**6))
def test_every_outcome_is_a_cache_status(outcome: Outcome, ttl: int) -> None:
    value = cache_status(outcome, ttl)

    assert _CACHE_STATUS.fullmatch(value)
    assert ("hit;" in value) == (outcome is Outcome.HIT)
    assert value.endswith(f"ttl={ttl}") == (outcome is Outcome.HIT)


def test_the_four_cache_statuses() -> None:
    said = {outcome: cache_status(outcome, 23) for outcome in Outcome}

    assert said == {
        Outcome.HIT: "redis; hit; ttl=23",
        Outcome.STORED: "redis; fwd=uri-miss; stored",
        Outcome.MISS: "redis; fwd=uri-miss",
        Outcome.BYPASS: "redis; fwd=bypass",
    }


@given(st.dictionaries(st.sampled_from(["redis", "postgres", "total"]), st.floats(0, 100)))
def test_server_timing_is_in_milliseconds(seconds: dict[str, float]) -> None:
    parts = [part.split(";dur=") for part in server_timing(seconds).split(", ") if part]

    assert {name: float(value) for name, value in parts} == {k: round(v * 1000, 2) for k, v in seconds.items()}


def test_time_is_added_up_by_name_and_only_where_it_is_measured() -> None:
    with spent("redis"):
        pass
    with measured() as seconds:
        with spent("redis"), spent("postgres"):
            pass
        first = seconds["redis"]
        with spent("redis"):
            pass

    assert set(seconds) == {"redis", "postgres"}
    assert seconds["redis"] > first


def test_if_match_names_versions_by_strong_tags_of_ours_alone() -> None:
    def tags(*values: str) -> tuple[ETag, ...]:
        return tuple(ETag(is_weak=value.startswith("W/"), value=value.removeprefix("W/")) for value in values)

    assert _versions(tags("v1", "v22")) == [1, 22]
    assert _versions(tags("W/v1", "other", "v", "v1x", "v-1", "v\u0661")) == []
    assert _versions(tags("*")) is None
    assert _versions(()) == []


def test_gzip_is_taken_where_a_client_says_so() -> None:
    taken = ("gzip", "deflate, gzip", "GZIP;q=0.5", "x-gzip", "*", "br;q=1.0, gzip;q=0.1", "identity, *;q=0.2")
    refused = (None, "", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "gzip;q=none", "gzipped")

    assert all(accepts_gzip(value) for value in taken)
    assert not any(accepts_gzip(value) for value in refused)


@given(st.text())
def test_any_accept_encoding_is_understood(value: str) -> None:
    accepts_gzip(value)
