# ruff: noqa: S608 - put together from the constants of this module alone
"""The SQL that the store runs. Parameters are named as psycopg wants them: %(symbol)s."""

from __future__ import annotations

from typing import Final


# What the models of bitcoincache_api.http make of a coin, to the byte: members in their order, times to the microsecond
# unless it is a whole second. PostgreSQL writes it in a tenth of the time that it takes to bring rows here and do it.
def _time(column: str) -> str:
    in_full = f"""to_char({column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"replace({in_full}, '.000000Z', 'Z') AS {column}"


_MEMBERS: Final = f"symbol, price, {_time('created_at')}, {_time('updated_at')}, version"

_COIN: Final = "symbol, price, created_at, updated_at, version"

# Every write passes the fence, and whoever inserts or deletes holds the symbols' locks: migrations/0004_epochs.sql.
_FENCE: Final = "WITH fence AS MATERIALIZED (SELECT cache_fence(%(epoch)s, %(token)s))"
_TURN: Final = "WITH turn AS MATERIALIZED (SELECT cache_turn(%(epoch)s, %(token)s, %(symbols)s::text[]))"

_NEW: Final = """SELECT new.symbol, new.price
FROM turn, unnest(%(symbols)s::text[], %(prices)s::integer[]) AS new(symbol, price) ORDER BY new.symbol COLLATE "C\""""

_OF_VERSIONS: Final = """bitcoins.symbol = ANY(%(symbols)s::text[])
AND (%(versions)s::bigint[] IS NULL OR version = ANY(%(versions)s))"""

# Fails where the schema is not up to date yet.
PING: Final = "SELECT version FROM bitcoins LIMIT 1"
GET: Final = f"SELECT row_to_json(coin)::text FROM (SELECT {_MEMBERS} FROM bitcoins WHERE symbol = %(symbol)s) AS coin"
GET_MANY: Final = f"""SELECT symbol, row_to_json(coin)::text
FROM (SELECT {_MEMBERS} FROM bitcoins WHERE symbol = ANY(%(symbols)s)) AS coin"""
SYMBOLS_AFTER: Final = "SELECT symbol FROM bitcoins WHERE symbol > %(symbol)s ORDER BY symbol LIMIT %(limit)s"

_TOTAL: Final = "(SELECT coalesce(sum(coins), 0)::bigint FROM bitcoins_counts WHERE digits = 3)"

# How many coins there are, and the page's, or NULL. From wide range to narrow range to the coin that the page begins
# with: see migrations/0003_ranking.sql.
RANKING: Final = f"""
WITH beginning AS MATERIALIZED (
  SELECT narrow.highest_price, narrow.before_in_range
  FROM bitcoins_place(3, 0, 2147483647, %(offset)s) AS wide,
    bitcoins_place(8, wide.lowest_price, wide.highest_price, wide.before_in_range) AS narrow
), page AS (
  SELECT {_MEMBERS}, %(offset)s + row_number() OVER () AS rank FROM (
    SELECT * FROM bitcoins WHERE price <= (SELECT highest_price FROM beginning)
    ORDER BY price DESC, symbol COLLATE "C" LIMIT %(limit)s OFFSET (SELECT before_in_range FROM beginning)
  ) AS coins
)
SELECT {_TOTAL}, (SELECT string_agg(row_to_json(page)::text, ',' ORDER BY rank) FROM page)"""

# All coins without those that come after this one: in lower wide ranges, in lower narrow ranges of its wide one, in its
# narrow one, and of its price.
RANK: Final = f"""
WITH coin AS MATERIALIZED (
  SELECT symbol, price, bitcoins_range(price, 3) AS wide, bitcoins_range(price, 8) AS narrow
  FROM bitcoins WHERE symbol = %(symbol)s
), counts AS (
  SELECT {_TOTAL} AS total, (
    SELECT coalesce(sum(coins), 0) FROM bitcoins_counts WHERE digits = 3 AND lowest_price < wide
  ) + (
    SELECT coalesce(sum(coins), 0) FROM bitcoins_counts
    WHERE digits = 8 AND lowest_price >= wide AND lowest_price < narrow
  ) + (
    SELECT count(*) FROM bitcoins WHERE price >= narrow AND price < coin.price
  ) + (
    SELECT count(*) FROM bitcoins WHERE price = coin.price AND symbol COLLATE "C" > coin.symbol COLLATE "C"
  ) AS after FROM coin
)
SELECT row_to_json(ranked)::text
FROM (SELECT symbol, price, total - after AS rank, total FROM coin, counts) AS ranked"""

CREATE: Final = f"""{_TURN}
INSERT INTO bitcoins (symbol, price) {_NEW} ON CONFLICT (symbol) DO NOTHING RETURNING {_COIN}, true"""

# A row's version without xmax was never locked or updated: this statement inserted it.
PUT: Final = f"""{_TURN}
INSERT INTO bitcoins (symbol, price) {_NEW}
ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price RETURNING {_COIN}, xmax = 0"""

UPDATE: Final = f"""{_FENCE}
UPDATE bitcoins SET price = (%(prices)s::integer[])[1] FROM fence WHERE {_OF_VERSIONS}
RETURNING {_COIN}, false"""

DELETE: Final = f"{_TURN} DELETE FROM bitcoins USING turn WHERE {_OF_VERSIONS} RETURNING symbol"

# In order, so that no two wait for each other.
SETTLE: Final = "SELECT cache_settle(token) FROM (SELECT unnest(%(tokens)s::bigint[]) AS token ORDER BY 1) AS settled"

KINDS: Final = {
    PING: "ping",
    GET: "get",
    GET_MANY: "get_many",
    SYMBOLS_AFTER: "symbols_after",
    RANKING: "ranking",
    RANK: "rank",
    CREATE: "create",
    PUT: "put",
    UPDATE: "update",
    DELETE: "delete",
    SETTLE: "settle",
}
"""What metrics call each statement."""
