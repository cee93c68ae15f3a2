from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import psycopg
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis

from bitcoincache_api.http import Bitcoin
from bitcoincache_app.encoding import coin_json
from bitcoincache_app.errors import NotFoundError
from bitcoincache_app.migrate import _files, migrate
from bitcoincache_app.postgres import conninfo
from bitcoincache_app.settings import Settings
from support.coins import COINS

from .conftest import LIMITS, Parts

_AS_THE_INIT_SCRIPT = """
CREATE TABLE bitcoins (symbol VARCHAR(10) PRIMARY KEY, price INTEGER NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX idx_bitcoin_price ON bitcoins(price DESC);
INSERT INTO bitcoins (symbol, price) VALUES ('BTC', 43000);
INSERT INTO bitcoins (symbol, price, created_at, updated_at) VALUES ('ETH', 2300, NULL, NULL);
"""


async def test_many_that_migrate_at_once_do_it_once(settings: Settings) -> None:
    applied = await asyncio.gather(*(migrate(conninfo(settings, LIMITS)) for _ in range(5)))

    assert sorted(applied, key=len)[:4] == [[], [], [], []]
    assert max(applied, key=len) == sorted(file.name for file in _files())


async def test_a_table_that_the_init_script_made_keeps_its_coins(
    settings: Settings, in_postgres: psycopg.Connection
) -> None:
    in_postgres.execute(_AS_THE_INIT_SCRIPT)

    await migrate(conninfo(settings, LIMITS))

    rows = in_postgres.execute("SELECT symbol, price, version, updated_at FROM bitcoins ORDER BY symbol").fetchall()
    assert [row[:3] for row in rows] == [("BTC", 43000, 1), ("ETH", 2300, 1)]
    assert all(row[3] for row in rows)
    counted = in_postgres.execute("SELECT digits, lowest_price, coins FROM bitcoins_counts ORDER BY 1, 2").fetchall()
    assert counted == [(3, 2048, 1), (3, 40960, 1), (8, 2288, 1), (8, 42752, 1)]


async def test_a_coin_is_written_as_its_model_says(parts: Parts, in_postgres: psycopg.Connection) -> None:
    @settings_of_hypothesis(max_examples=200, deadline=None)
    @given(COINS)
    def check(coin: Bitcoin) -> None:
        made_of = (coin.symbol, coin.price, *(time.replace(tzinfo=None) for time in (coin.created_at, coin.updated_at)))
        query = "SELECT bitcoins_members(%s, %s::integer, %s, %s, %s)"
        [[members]] = in_postgres.execute(query, [*made_of, coin.version]).fetchall()
        assert coin_json(members.encode()) == coin.model_dump_json().encode()

    await asyncio.to_thread(check)


async def test_what_was_written_by_hand_is_served_as_it_is(parts: Parts, in_postgres: psycopg.Connection) -> None:
    in_postgres.execute("INSERT INTO bitcoins (symbol, price) VALUES (%s, 1)", ['b"\\,{}'])

    coins = await parts.store.get_many(await parts.store.symbols_after("", 10))

    assert json.loads(coins['b"\\,{}'])["symbol"] == 'b"\\,{}'


async def test_times_are_utc_whatever_the_servers_zone(parts: Parts, in_postgres: psycopg.Connection) -> None:
    in_postgres.execute("SET timezone = 'Asia/Kathmandu'")
    in_postgres.execute("INSERT INTO bitcoins (symbol, price) VALUES ('BTC', 1)")

    coin = Bitcoin.model_validate_json(await parts.store.get("BTC") or b"")

    [age] = in_postgres.execute("SELECT clock_timestamp() - %s", [coin.updated_at]).fetchone() or [None]
    assert age is not None
    assert 0 <= age.total_seconds() < 300


async def test_concurrent_puts_of_one_coin_count_every_write(parts: Parts) -> None:
    await asyncio.gather(*(parts.service.put("BTC", price) for price in range(20)))

    coin = Bitcoin.model_validate_json(await parts.store.get("BTC") or b"")
    assert coin.version == 20


async def test_deleting_and_putting_at_once_gives_no_version_twice(parts: Parts) -> None:
    seen: list[int] = []

    async def write() -> None:
        service = parts.service
        seen.extend([json.loads((await service.put("BTC", 1)).body)["version"] for _ in range(10)])

    async def delete() -> None:
        service = parts.service
        for _ in range(10):
            with suppress(NotFoundError):
                await service.delete("BTC", None)

    await asyncio.gather(write(), delete(), write(), delete())

    assert len(seen) == len(set(seen)) == 20
