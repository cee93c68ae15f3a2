"""Pages and ranks against the plain truth: all coins, sorted here."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from bitcoincache_api.http import MAX_OFFSET, MAX_PRICE, Bitcoin, Rank, Ranking
from bitcoincache_app import statements
from bitcoincache_app.prepared import Statement

from .conftest import Client, Parts

COINS = "/api/v1/bitcoins"
MANY = 100_000


def _fill(in_postgres: psycopg.Connection, prices: list[int]) -> list[tuple[int, str]]:
    """Coins of these prices. Returns them as they rank."""
    coins = [(price, f"C{number}") for number, price in enumerate(prices)]
    with in_postgres.cursor() as cursor:
        cursor.executemany("INSERT INTO bitcoins (price, symbol) VALUES (%s, %s)", coins)
    return sorted(coins, key=lambda coin: (-coin[0], coin[1]))


def _prices(count: int) -> list[int]:
    """Of every magnitude, with ties, and the limits among them."""
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    return [0, 0, 1, MAX_PRICE, MAX_PRICE, *(chance.randrange(2 ** chance.randrange(1, 32)) for _ in range(count))]


def _counts(in_postgres: psycopg.Connection) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    """The coins of each range: as they are counted, and as they are."""
    counted = "SELECT digits, lowest_price, sum(coins) FROM bitcoins_counts GROUP BY 1, 2 HAVING sum(coins) <> 0"
    are = """SELECT digits, bitcoins_range(price, digits), count(*)
             FROM bitcoins, (VALUES (3), (8)) AS levels (digits) GROUP BY 1, 2"""
    first, second = (
        Counter({(digits, lowest): int(coins) for digits, lowest, coins in in_postgres.execute(statement)})
        for statement in (counted, are)
    )
    return first, second


def test_a_range_begins_with_the_leading_digits_of_its_prices(parts: Parts, in_postgres: psycopg.Connection) -> None:
    prices = [0, 1, 7, 8, 255, 256, 257, 1000, MAX_PRICE, *(2**n + d for n in range(9, 31) for d in (-1, 0, 1))]
    for digits in (3, 8):
        query = "SELECT price, bitcoins_range(price, %s) FROM unnest(%s::integer[]) AS price"
        for price, lowest in in_postgres.execute(query, [digits, prices]):
            assert f"{lowest:b}" == f"{price:b}"[:digits].ljust(len(f"{price:b}"), "0")


async def test_pages_are_cut_from_one_order_wherever_they_begin(parts: Parts, in_postgres: psycopg.Connection) -> None:
    truth = _fill(in_postgres, _prices(1500))
    total = len(truth)

    for offset in (0, 1, 99, 100, total // 3, total // 2, total - 101, total - 1, total, total + 1, MAX_OFFSET):
        for limit in (1, 100):
            page = Ranking.model_validate_json(await parts.store.ranking(limit, offset))
            found = [(item.price, item.symbol) for item in page.items]
            assert found == truth[offset : offset + limit]
            assert [item.rank for item in page.items] == [*range(offset + 1, offset + 1 + len(found))]
            assert (page.total, page.limit, page.offset) == (total, limit, offset)


async def test_coins_of_one_price_are_paged_by_symbol(parts: Parts, in_postgres: psycopg.Connection) -> None:
    truth = _fill(in_postgres, [5] * 300)

    pages = [Ranking.model_validate_json(await parts.store.ranking(100, offset)) for offset in (0, 100, 200)]

    assert [item.symbol for page in pages for item in page.items] == [symbol for _, symbol in truth]


async def test_every_coin_has_the_rank_that_the_pages_give_it(parts: Parts, in_postgres: psycopg.Connection) -> None:
    truth = _fill(in_postgres, _prices(300))

    for place, (price, symbol) in enumerate(truth, 1):
        rank = Rank.model_validate_json(await parts.store.rank(symbol) or b"")
        assert rank == Rank(symbol=symbol, price=price, rank=place, total=len(truth))


async def test_the_rank_of_a_coin_is_read_past_the_cache(client: Client) -> None:
    for symbol, price in {"BTC": 9, "ETH": 5}.items():
        await client.put(f"{COINS}/{symbol}", json={"price": price})

    answer = await client.get(f"{COINS}/eth/rank")

    assert await answer.json() == {"symbol": "ETH", "price": 5, "rank": 2, "total": 2}
    assert answer.headers["Cache-Status"] == "redis; fwd=bypass"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert (await client.get(f"{COINS}/ETH/rank", headers=known)).status == 304
    assert (await client.get(f"{COINS}/NONE/rank")).status == 404
    assert (await client.get(f"{COINS}/no-symbol/rank")).status == 422


async def test_postgres_writes_json_as_the_models_do(parts: Parts, in_postgres: psycopg.Connection) -> None:
    _fill(in_postgres, [1, 2, 3])
    in_postgres.execute("SET session_replication_role = replica")  # or the trigger would set the times
    for symbol, time in {
        "C0": "2026-01-02 03:04:05",
        "C1": "2026-01-02 03:04:05.25",
        "C2": "2026-12-31 23:59:59.000001",
    }.items():
        in_postgres.execute("UPDATE bitcoins SET created_at = %s WHERE symbol = %s", [time, symbol])
    in_postgres.execute("SET session_replication_role = origin")

    for symbol, json_ in (await parts.store.get_many(["C0", "C1", "C2", "C3"])).items():
        assert json_ == await parts.store.get(symbol) == Bitcoin.model_validate_json(json_).model_dump_json().encode()
    page = await parts.store.ranking(100, 0)
    assert page == Ranking.model_validate_json(page).model_dump_json().encode()
    rank = await parts.store.rank("C1") or b""
    assert rank == Rank.model_validate_json(rank).model_dump_json().encode()


async def test_a_written_coin_is_read_as_it_was_answered(parts: Parts) -> None:
    written = await parts.service.put("BTC", 1)

    assert await parts.store.get("BTC") == written.body


def test_what_is_rolled_back_or_truncated_is_not_counted(parts: Parts, in_postgres: psycopg.Connection) -> None:
    _fill(in_postgres, _prices(50))
    before, _ = _counts(in_postgres)
    with in_postgres.transaction(force_rollback=True):
        in_postgres.execute("DELETE FROM bitcoins WHERE price > 1000")
        in_postgres.execute("INSERT INTO bitcoins VALUES ('NEW', 7)")
        in_postgres.execute("UPDATE bitcoins SET price = price / 2")
        counted, are = _counts(in_postgres)
        assert counted == are != before
    assert _counts(in_postgres) == (before, before)

    in_postgres.execute("TRUNCATE bitcoins")

    assert _counts(in_postgres) == (Counter(), Counter())


async def test_no_page_or_count_is_torn_by_writers(parts: Parts, in_postgres: psycopg.Connection) -> None:
    """Each page holds as many coins as it says there are, while many sessions insert, move and delete them."""
    symbols = [f"C{number}" for number in range(60)]
    chance = random.Random(7)  # noqa: S311 - to be the same each time

    async def write() -> None:
        async with await psycopg.AsyncConnection.connect(in_postgres.info.dsn, autocommit=True) as connection:
            for _ in range(150):
                some, price = chance.sample(symbols, 3), 2 ** chance.randrange(31)
                await connection.execute(chance.choice(_WRITES), {"symbols": sorted(some), "price": price})

    async def read(writers: asyncio.Future[Any]) -> None:
        while not writers.done():
            page = Ranking.model_validate_json(await parts.store.ranking(100, 0))
            assert len(page.items) == page.total
            deep = Ranking.model_validate_json(await parts.store.ranking(100, 10))
            assert len(deep.items) == max(0, deep.total - 10)

    writers = asyncio.gather(*(write() for _ in range(6)))
    await asyncio.gather(writers, read(writers), read(writers))

    counted, are = _counts(in_postgres)
    assert counted == are


_WRITES = (
    b"""INSERT INTO bitcoins (symbol, price) SELECT symbol, %(price)s FROM unnest(%(symbols)s::text[]) AS symbol
        ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price""",
    b"DELETE FROM bitcoins WHERE symbol = (%(symbols)s::text[])[1] AND %(price)s::integer > 0",
)


@pytest.fixture
def many(parts: Parts, in_postgres: psycopg.Connection) -> psycopg.Connection:
    """A connection to a table that has just grown: it was analyzed while it was empty."""
    in_postgres.execute("SET statement_timeout = 0")
    in_postgres.execute("ANALYZE")
    in_postgres.execute(
        "INSERT INTO bitcoins (symbol, price) SELECT 'C' || n, hashint4(n) & 2147483647 FROM generate_series(1, %s) n",
        [MANY],
    )
    return in_postgres


def _plan(connection: psycopg.Connection, statement: Statement, values: dict[str, Any]) -> dict[str, Any]:
    query = b"EXPLAIN (ANALYZE, FORMAT JSON) " + statement.text
    parameters = [values[name] for name in statement.parameters]
    [[[explained]]] = psycopg.RawCursor(connection).execute(query, parameters)
    plan: dict[str, Any] = explained["Plan"]
    return plan


def _scans(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """How a plan reads the coins, and how many of them it came by."""
    if plan.get("Relation Name") == "bitcoins":
        yield plan["Node Type"], plan["Actual Rows"]
    for part in plan.get("Plans", []):
        yield from _scans(part)


@pytest.mark.parametrize("offset", [0, 1000, MANY // 2, MANY - 100])
def test_a_page_reads_few_coins_of_many_and_sorts_none(many: psycopg.Connection, offset: int) -> None:
    plan = _plan(many, statements.RANKING, {"limit": 100, "offset": offset})

    [(way, rows)] = _scans(plan)
    assert way == "Index Scan"
    assert rows < 100 + MANY / 100


def test_the_first_page_reads_no_coin_that_it_does_not_show(many: psycopg.Connection) -> None:
    plan = _plan(many, statements.FIRST_PAGE, {"limit": 100, "offset": 0})

    assert [*_scans(plan)] == [("Index Scan", 100)]


def test_a_rank_counts_few_coins_of_many(many: psycopg.Connection) -> None:
    [[symbol]] = many.execute("SELECT symbol FROM bitcoins ORDER BY price LIMIT 1 OFFSET %s", [MANY // 2])
    scans = [*_scans(_plan(many, statements.RANK, {"symbol": symbol}))]

    assert {way for way, _ in scans} <= {"Index Only Scan", "Index Scan"}
    assert sum(rows for _, rows in scans) < MANY / 100
