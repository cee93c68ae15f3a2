# ruff: noqa: S608 - put together from the constants of this module alone
"""The SQL that the store runs. Parameters are named as psycopg wants them: %(symbol)s."""

from __future__ import annotations

from typing import Final

_COIN: Final = """symbol, price, version,
  created_at AT TIME ZONE 'UTC' AS created_at, updated_at AT TIME ZONE 'UTC' AS updated_at"""

# Every write passes the fence, and whoever inserts or deletes holds the symbols' locks: migrations/0004_epochs.sql.
_FENCE: Final = "WITH fence AS MATERIALIZED (SELECT cache_fence(%(epoch)s, %(token)s))"
_TURN: Final = "WITH turn AS MATERIALIZED (SELECT cache_turn(%(epoch)s, %(token)s, %(symbols)s))"

_NEW: Final = """SELECT new.symbol, new.price
FROM turn, unnest(%(symbols)s::text[], %(prices)s::integer[]) AS new(symbol, price) ORDER BY new.symbol COLLATE "C\""""

_OF_VERSIONS: Final = """bitcoins.symbol = ANY(%(symbols)s)
AND (%(versions)s::bigint[] IS NULL OR version = ANY(%(versions)s))"""

# Fails where the schema is not up to date yet.
PING: Final = "SELECT version FROM bitcoins LIMIT 1"
GET: Final = f"SELECT {_COIN} FROM bitcoins WHERE symbol = %(symbol)s"
GET_MANY: Final = f"SELECT {_COIN} FROM bitcoins WHERE symbol = ANY(%(symbols)s)"
SYMBOLS_AFTER: Final = "SELECT symbol FROM bitcoins WHERE symbol > %(symbol)s ORDER BY symbol LIMIT %(limit)s"

# One row without a coin where the page is empty: the total is wanted all the same.
RANKING: Final = f"""
SELECT total, page.* FROM (SELECT count(*) AS total FROM bitcoins) AS counted LEFT JOIN (
  SELECT {_COIN} FROM bitcoins ORDER BY price DESC, bitcoins.symbol COLLATE "C" LIMIT %(limit)s OFFSET %(offset)s
) AS page ON true ORDER BY price DESC, symbol COLLATE "C"
"""

CREATE: Final = f"""{_TURN}
INSERT INTO bitcoins (symbol, price) {_NEW} ON CONFLICT (symbol) DO NOTHING RETURNING {_COIN}"""

# A row's version without xmax was never locked or updated: this statement inserted it.
PUT: Final = f"""{_TURN}
INSERT INTO bitcoins (symbol, price) {_NEW}
ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price RETURNING {_COIN}, xmax = 0 AS created"""

UPDATE: Final = f"""{_FENCE}
UPDATE bitcoins SET price = (%(prices)s::integer[])[1] FROM fence WHERE {_OF_VERSIONS} RETURNING {_COIN}"""

DELETE: Final = f"{_TURN} DELETE FROM bitcoins USING turn WHERE {_OF_VERSIONS} RETURNING symbol"

SETTLE: Final = "SELECT cache_settle(token) FROM unnest(%(tokens)s::bigint[]) AS token"

KINDS: Final = {
    "": "check",  # the pool's own, before it hands a connection out
    PING: "ping",
    GET: "get",
    GET_MANY: "get_many",
    SYMBOLS_AFTER: "symbols_after",
    RANKING: "ranking",
    CREATE: "create",
    PUT: "put",
    UPDATE: "update",
    DELETE: "delete",
    SETTLE: "settle",
}
"""What metrics call each statement."""
