# ruff: noqa: S608 - put together from the constants of this module alone
"""The statements that the store runs.

Coins come as the members of their JSON object, which the database has ready: migrations/0005_members.sql. Arrays go as
PostgreSQL's own text for them.
"""

from __future__ import annotations

from typing import Final

from bitcoincache_app.prepared import Statement, statement

# Fails where the schema is not up to date yet.
PING: Final = statement("ping", "SELECT members FROM bitcoins LIMIT 1")
GET: Final = statement("get", "SELECT members FROM bitcoins WHERE symbol = %(symbol)s")
GET_MANY: Final = statement("get_many", "SELECT symbol, members FROM bitcoins WHERE symbol = ANY(%(symbols)s::text[])")
SYMBOLS_AFTER: Final = statement(
    "symbols_after", "SELECT symbol FROM bitcoins WHERE symbol > %(symbol)s ORDER BY symbol LIMIT %(limit)s"
)

_TOTAL: Final = "(SELECT coalesce(sum(coins), 0)::bigint FROM bitcoins_counts WHERE digits = 3)"


def _page(beginning: str, highest: str, skipped: str) -> str:
    """How many coins there are, and the page's with their ranks, between `},{`, or NULL."""
    return f"""
WITH {beginning}page AS (
  SELECT members, %(offset)s + row_number() OVER () AS rank FROM (
    SELECT members FROM bitcoins WHERE price <= {highest}
    ORDER BY price DESC, symbol COLLATE "C" LIMIT %(limit)s OFFSET {skipped}
  ) AS coins
)
SELECT {_TOTAL}, (SELECT string_agg(members || ',"rank":' || rank, '}},{{' ORDER BY rank) FROM page)"""


# From wide range to narrow range to the coin that the page begins with: see migrations/0003_ranking.sql.
_BEGINNING: Final = """beginning AS MATERIALIZED (
  SELECT narrow.highest_price, narrow.before_in_range
  FROM bitcoins_place(3, 0, 2147483647, %(offset)s) AS wide,
    bitcoins_place(8, wide.lowest_price, wide.highest_price, wide.before_in_range) AS narrow
), """

RANKING: Final = statement(
    "ranking",
    _page(_BEGINNING, "(SELECT highest_price FROM beginning)", "(SELECT before_in_range FROM beginning)"),
)
FIRST_PAGE: Final = statement("first_page", _page("", "2147483647", "%(offset)s"))
"""As RANKING, where the offset is 0."""

# All coins without those that come after this one: in lower wide ranges, in lower narrow ranges of its wide one, in its
# narrow one, and of its price.
RANK: Final = statement(
    "rank",
    f"""
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
FROM (SELECT symbol, price, total - after AS rank, total FROM coin, counts) AS ranked""",
)

# Every write passes the fence, and whoever inserts or deletes holds the symbols' locks: migrations/0004_epochs.sql.
_FENCE: Final = "WITH fence AS MATERIALIZED (SELECT cache_fence(%(epoch)s, %(token)s))"
_TURN: Final = "WITH turn AS MATERIALIZED (SELECT cache_turn(%(epoch)s, %(token)s, %(symbols)s::text[]))"

_NEW: Final = """SELECT new.symbol, new.price
FROM turn, unnest(%(symbols)s::text[], %(prices)s::integer[]) AS new(symbol, price) ORDER BY new.symbol COLLATE "C\""""

_OF_VERSIONS: Final = """bitcoins.symbol = ANY(%(symbols)s::text[])
AND (%(versions)s::bigint[] IS NULL OR version = ANY(%(versions)s))"""

_INSERT: Final = "INSERT INTO bitcoins (symbol, price)"

# All of these return each coin's symbol, its members, and whether it was made.
CREATE: Final = statement(
    "create", f"{_TURN} {_INSERT} {_NEW} ON CONFLICT (symbol) DO NOTHING RETURNING symbol, members, true"
)

# Most coins are there, and an update costs half of an insertion that finds out. A row's version without xmax was never
# locked or updated: this statement inserted it.
PUT: Final = statement(
    "put",
    f"""
{_TURN}, new AS MATERIALIZED ({_NEW}), updated AS (
  UPDATE bitcoins SET price = new.price FROM new WHERE bitcoins.symbol = new.symbol RETURNING new.symbol, members
), made AS (
  {_INSERT} SELECT symbol, price FROM new WHERE symbol NOT IN (SELECT symbol FROM updated)
  ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price RETURNING symbol, members, xmax = 0
)
SELECT symbol, members, false FROM updated UNION ALL SELECT * FROM made""",
)
UPDATE: Final = statement(
    "update",
    f"""{_FENCE}
UPDATE bitcoins SET price = (%(prices)s::integer[])[1] FROM fence WHERE {_OF_VERSIONS}
RETURNING symbol, members, false""",
)
DELETE: Final = statement(
    "delete", f"{_TURN} DELETE FROM bitcoins USING turn WHERE {_OF_VERSIONS} RETURNING symbol, NULL, false"
)

# In order, so that no two wait for each other.
SETTLE: Final = statement(
    "settle",
    "SELECT cache_settle(token) FROM (SELECT unnest(%(tokens)s::bigint[]) AS token ORDER BY 1) AS settled",
)

ALL: Final[tuple[Statement, ...]] = (
    PING,
    GET,
    GET_MANY,
    SYMBOLS_AFTER,
    RANKING,
    FIRST_PAGE,
    RANK,
    CREATE,
    PUT,
    UPDATE,
    DELETE,
    SETTLE,
)
