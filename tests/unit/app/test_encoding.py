from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.http import MAX_LIMIT, MAX_OFFSET, Bitcoin, RankedBitcoin, Ranking
from bitcoincache_app.encoding import coin_json, coin_tag, ranking_json, ranking_tag, version_of
from support.coins import COINS


def _json(coin: Bitcoin) -> bytes:
    return coin_json(coin.model_dump_json().encode()[1:-1])


@given(COINS)
def test_a_coin_is_the_object_of_its_members(coin: Bitcoin) -> None:
    assert Bitcoin.model_validate_json(_json(coin)) == coin


@given(COINS)
def test_a_coins_tag_is_its_version_and_back(coin: Bitcoin) -> None:
    tag = coin_tag(_json(coin))

    assert tag == f"v{coin.version}"
    assert version_of(tag) == coin.version


@given(st.text())
def test_no_foreign_tag_is_taken_for_a_version(tag: str) -> None:
    version = version_of(tag)
    assert version is None or tag == f"v{tag[1:]}"
    assert version is None or version == int(tag[1:])


def test_rankings_that_differ_have_different_tags() -> None:
    def tag(total: int) -> str:
        return ranking_tag(ranking_json(b"", total, 100, 0))

    assert tag(1) == tag(1) != tag(2)


@given(st.lists(COINS, max_size=3), st.integers(0, 2**40), st.integers(1, MAX_LIMIT), st.integers(0, MAX_OFFSET))
def test_a_ranking_is_written_as_its_model_says(coins: list[Bitcoin], total: int, limit: int, offset: int) -> None:
    items = [RankedBitcoin(rank=rank, **dict(coin)) for rank, coin in enumerate(coins, offset + 1)]

    body = ranking_json(b",".join(item.model_dump_json().encode() for item in items), total, limit, offset)

    ranking = Ranking(items=items, total=total, limit=limit, offset=offset, revision=ranking_tag(body))
    assert body == ranking.model_dump_json().encode()
