-- The ranking at any size (docs/adr/0014-counted-ranges.md): an index in its very order that holds all that a page
-- shows, and how many coins there are in each range of prices. These lead to where a page begins, however deep.
LOCK TABLE bitcoins IN SHARE ROW EXCLUSIVE MODE;

DROP INDEX IF EXISTS idx_bitcoin_price;
CREATE INDEX idx_bitcoin_price ON bitcoins (price DESC, symbol COLLATE "C") INCLUDE (version, created_at, updated_at);

-- The index alone answers only for pages of the table that were vacuumed since they were written.
ALTER TABLE bitcoins SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- A range holds the prices that share their leading binary digits: three in the 112 wide ranges, eight in the narrow
-- ones, 32 of which make a wide one. Were prices spread evenly, the fullest narrow range would hold 1/256 of all.
CREATE OR REPLACE FUNCTION bitcoins_range(price INTEGER, digits INTEGER) RETURNS INTEGER
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN price & (-1 << greatest(0, length(ltrim(price::bit(32)::text, '0')) - digits));

-- A range's count is the sum of its shards: whoever writes at once seldom meets in one row, where one would wait for
-- the other's commit. Half of each page stays free, so that a row finds room for its next version on the same page.
CREATE TABLE IF NOT EXISTS bitcoins_counts (
  digits INTEGER,
  lowest_price INTEGER,
  shard INTEGER,
  coins INTEGER NOT NULL,
  PRIMARY KEY (digits, lowest_price, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

INSERT INTO bitcoins_counts SELECT digits, bitcoins_range(price, digits), 0, count(*)
  FROM bitcoins, (VALUES (3), (8)) AS levels (digits) GROUP BY 1, 2;

-- Once a statement, after its last coin, and in one order: no two statements wait for each other.
CREATE OR REPLACE FUNCTION bitcoins_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO bitcoins_counts AS counts
      SELECT digits, bitcoins_range(price, digits), pg_backend_pid() % 4, count(*)
      FROM new_rows, (VALUES (3), (8)) AS levels (digits) GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (digits, lowest_price, shard) DO UPDATE SET coins = counts.coins + EXCLUDED.coins;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO bitcoins_counts AS counts
      SELECT digits, bitcoins_range(price, digits), pg_backend_pid() % 4, -count(*)
      FROM old_rows, (VALUES (3), (8)) AS levels (digits) GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (digits, lowest_price, shard) DO UPDATE SET coins = counts.coins + EXCLUDED.coins;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO bitcoins_counts AS counts
      SELECT digits, bitcoins_range(price, digits), pg_backend_pid() % 4, sum(change)
      FROM (SELECT price, 1 AS change FROM new_rows UNION ALL SELECT price, -1 FROM old_rows) AS moves,
        (VALUES (3), (8)) AS levels (digits)
      GROUP BY 1, 2 HAVING sum(change) <> 0 ORDER BY 1, 2
      ON CONFLICT (digits, lowest_price, shard) DO UPDATE SET coins = counts.coins + EXCLUDED.coins;
  ELSE
    DELETE FROM bitcoins_counts;  -- not TRUNCATE: it would wait for readers that wait for this one
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER bitcoins_count_inserted AFTER INSERT ON bitcoins REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION bitcoins_count();
CREATE OR REPLACE TRIGGER bitcoins_count_updated AFTER UPDATE ON bitcoins
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION bitcoins_count();
CREATE OR REPLACE TRIGGER bitcoins_count_deleted AFTER DELETE ON bitcoins REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION bitcoins_count();
CREATE OR REPLACE TRIGGER bitcoins_count_truncated AFTER TRUNCATE ON bitcoins
  FOR EACH STATEMENT EXECUTE FUNCTION bitcoins_count();

-- Of the ranges between two prices, the one that a coin is in which has this many coins of them before it; and how many
-- are before it in that range. Nothing where they have no more coins than that. STABLE: it sees what its caller sees.
CREATE OR REPLACE FUNCTION bitcoins_place(of_digits INTEGER, from_price INTEGER, to_price INTEGER, before BIGINT)
RETURNS TABLE (lowest_price INTEGER, highest_price INTEGER, before_in_range BIGINT) LANGUAGE sql STABLE AS $$
  SELECT lowest_price, highest_price, before - (through - coins) FROM (
    SELECT lowest_price, coins, sum(coins) OVER down AS through,
      coalesce(lag(lowest_price) OVER down - 1, to_price) AS highest_price
    FROM (
      SELECT lowest_price, sum(coins)::integer AS coins FROM bitcoins_counts
      WHERE digits = of_digits AND lowest_price BETWEEN from_price AND to_price GROUP BY lowest_price
    ) AS ranges WINDOW down AS (ORDER BY lowest_price DESC)
  ) AS places WHERE through > before ORDER BY through LIMIT 1
$$;
