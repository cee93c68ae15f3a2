"""Scripts of other origins: kept out unless they are let in by name."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bitcoincache_app.settings import Settings

from .conftest import LIMITS, Client, served

COINS = "/api/v1/bitcoins"
FRIEND = {"Origin": "https://friend.example"}
STRANGER = {"Origin": "https://stranger.example"}
PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture
async def sharing(settings: Settings) -> AsyncIterator[Client]:
    friendly = settings.model_copy(update={"cors_origins": frozenset(FRIEND.values())})
    async with served(friendly, LIMITS) as client:
        yield client


def _allowances(headers: object) -> set[str]:
    return {name for name in map(str.lower, headers) if name.startswith("access-control-")}  # type: ignore[call-overload]


async def test_without_origins_nothing_is_said_of_them(client: Client) -> None:
    read = await client.get(COINS, headers=FRIEND)
    asked = await client.options(COINS, headers={**FRIEND, **PREFLIGHT})

    assert not _allowances(read.headers) | _allowances(asked.headers)
    assert read.headers["Vary"] == "Accept-Encoding"
    assert asked.status == 204


async def test_an_origin_that_is_let_in_reads_answers_and_errors_with_their_headers(sharing: Client) -> None:
    for path in (COINS, f"{COINS}/NONE", "/nowhere"):
        answer = await sharing.get(path, headers=FRIEND)

        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND["Origin"]
        exposed = answer.headers["Access-Control-Expose-Headers"].lower().split(", ")
        assert {"etag", "cache-status", "x-request-id"} <= set(exposed)
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_preflight_is_answered(sharing: Client) -> None:
    answer = await sharing.options(f"{COINS}/BTC", headers={**FRIEND, **PREFLIGHT})

    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND["Origin"]
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert {"Content-Type", "If-Match"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))


async def test_other_origins_stay_out_and_no_answer_is_kept_for_the_wrong_one(sharing: Client) -> None:
    for headers in (STRANGER, {}):
        read = await sharing.get(COINS, headers=headers)
        asked = await sharing.options(COINS, headers={**headers, **PREFLIGHT})

        assert not _allowances(read.headers) | _allowances(asked.headers)
        assert read.headers.getall("Vary") == ["Accept-Encoding", "Origin"]
