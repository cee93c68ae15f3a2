-- Each coin's row holds the members of its JSON object (http.Bitcoin, to the byte): made once for each write, in place of
-- once for each read. For a page of a hundred that was most of PostgreSQL's work.
ALTER TABLE bitcoins ADD COLUMN members TEXT;

CREATE FUNCTION bitcoins_time(moment TIMESTAMP) RETURNS TEXT LANGUAGE sql STABLE
RETURN replace(to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z');

CREATE FUNCTION bitcoins_members(symbol TEXT, price INTEGER, created_at TIMESTAMP, updated_at TIMESTAMP, version BIGINT)
RETURNS TEXT LANGUAGE sql STABLE
RETURN '"symbol":' || to_json(symbol)::text || ',"price":' || price || ',"created_at":"' || bitcoins_time(created_at)
  || '","updated_at":"' || bitcoins_time(updated_at) || '","version":' || version;

CREATE OR REPLACE FUNCTION bitcoins_count_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Columns without a time zone hold UTC, whatever the session's zone is.
  NEW.updated_at := clock_timestamp() AT TIME ZONE 'UTC';
  IF TG_OP = 'INSERT' THEN
    NEW.created_at := NEW.updated_at;
    NEW.version := 1 + coalesce((SELECT version FROM deleted_bitcoins WHERE symbol = NEW.symbol), 0);
  ELSE
    NEW.created_at := OLD.created_at;
    NEW.version := OLD.version + 1;
  END IF;
  NEW.members := bitcoins_members(NEW.symbol, NEW.price, NEW.created_at, NEW.updated_at, NEW.version);
  RETURN NEW;
END $$;

DROP INDEX idx_bitcoin_price;

-- No write: versions stay.
ALTER TABLE bitcoins DISABLE TRIGGER USER;
UPDATE bitcoins SET members = bitcoins_members(symbol, price, created_at, updated_at, version);
ALTER TABLE bitcoins ENABLE TRIGGER USER;
ALTER TABLE bitcoins ALTER COLUMN members SET NOT NULL;

-- In the ranking's order; what a page shows is read from the table's rows.
CREATE INDEX idx_bitcoin_price ON bitcoins (price DESC, symbol COLLATE "C");

-- Its bit length is how many powers of two are not above a price.
CREATE OR REPLACE FUNCTION bitcoins_range(price INTEGER, digits INTEGER) RETURNS INTEGER
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN price & (-1 << greatest(0, width_bucket(price, '{
  1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576,
  2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728, 268435456, 536870912, 1073741824
}'::INTEGER[]) - digits));

-- Once a statement, after its last coin. One that may insert and update calls it for both, also for what it did not do:
-- each time counts change in one order, but not in both together. So whoever changes counts of a shard does it alone.
CREATE OR REPLACE FUNCTION bitcoins_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM new_rows) THEN
      RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(1651794787, pg_backend_pid() % 4);
    INSERT INTO bitcoins_counts AS counts
      SELECT digits, bitcoins_range(price, digits), pg_backend_pid() % 4, count(*)
      FROM new_rows, (VALUES (3), (8)) AS levels (digits) GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (digits, lowest_price, shard) DO UPDATE SET coins = counts.coins + EXCLUDED.coins;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM pg_advisory_xact_lock(1651794787, pg_backend_pid() % 4);
    INSERT INTO bitcoins_counts AS counts
      SELECT digits, bitcoins_range(price, digits), pg_backend_pid() % 4, -count(*)
      FROM old_rows, (VALUES (3), (8)) AS levels (digits) GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (digits, lowest_price, shard) DO UPDATE SET coins = counts.coins + EXCLUDED.coins;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NOT EXISTS (SELECT FROM new_rows) THEN
      RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(1651794787, pg_backend_pid() % 4);
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

-- As in 0004_epochs.sql, with one look for all locks.
CREATE OR REPLACE FUNCTION cache_turn(claimed BIGINT, announced BIGINT, symbols TEXT[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM cache_fence(claimed, announced);
  PERFORM pg_advisory_xact_lock(hashtextextended(symbol, 0)) FROM unnest(symbols) AS symbol;
END $$;
