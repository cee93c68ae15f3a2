-- Which Redis is to be believed, and by whom: docs/adr/0013-epochs.md.

-- One row. process: the run_id of the Redis that is trusted, or NULL. open: writes may be made; without a process they
-- go past Redis.
CREATE TABLE cache_epoch (
  single BOOLEAN PRIMARY KEY DEFAULT true CHECK (single),
  epoch BIGINT NOT NULL,
  process TEXT,
  stamp TEXT NOT NULL,
  open BOOLEAN NOT NULL
);
INSERT INTO cache_epoch (epoch, process, stamp, open) VALUES (1, NULL, '', true);

-- The replicas that may be serving hits. beat counts their renewals.
CREATE TABLE cache_permits (replica TEXT PRIMARY KEY, beat BIGINT NOT NULL DEFAULT 0) WITH (fillfactor = 50);

-- Tokens of writes that are decided, or will never begin.
CREATE TABLE cache_settled (token BIGINT PRIMARY KEY);

-- The lock that every write shares until its COMMIT, and that adopting a Redis takes alone.
CREATE FUNCTION cache_fence_lock() RETURNS BIGINT LANGUAGE sql IMMUTABLE AS 'SELECT 1651794787::bigint';

-- One round of renewal: the replica's beat, if it has a permit at all, and the epoch as of after that.
CREATE FUNCTION cache_renew(IN me TEXT, OUT epoch BIGINT, OUT process TEXT, OUT stamp TEXT, OUT open BOOLEAN,
  OUT registered BOOLEAN, OUT permits JSONB) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cache_permits SET beat = beat + 1 WHERE replica = me;
  registered := FOUND;
  SELECT e.epoch, e.process, e.stamp, e.open INTO epoch, process, stamp, open FROM cache_epoch e;
  SELECT coalesce(jsonb_object_agg(p.replica, p.beat), '{}') INTO permits FROM cache_permits p WHERE p.replica <> me;
END $$;

-- What a write passes before it touches a row. VOLATILE, so that each look is fresh: after the wait for the locks.
CREATE FUNCTION cache_fence(claimed BIGINT, announced BIGINT) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(cache_fence_lock());
  PERFORM pg_advisory_xact_lock(announced);
  IF NOT EXISTS (SELECT FROM cache_epoch WHERE epoch = claimed AND open) THEN
    RAISE EXCEPTION 'the epoch % has passed', claimed USING ERRCODE = 'BC001';
  END IF;
  IF EXISTS (SELECT FROM cache_settled WHERE token = announced) THEN
    RAISE EXCEPTION 'the token % is settled', announced USING ERRCODE = 'BC002';
  END IF;
END $$;

-- The fence, and the turn of whoever inserts or deletes: see 0002_versions.sql. Symbols come in order: no deadlock.
CREATE FUNCTION cache_turn(claimed BIGINT, announced BIGINT, symbols TEXT[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  symbol TEXT;
BEGIN
  PERFORM cache_fence(claimed, announced);
  FOREACH symbol IN ARRAY symbols LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(symbol, 0));
  END LOOP;
END $$;

-- Returns once the write of this token is decided, and keeps it from beginning where it hasn't.
CREATE FUNCTION cache_settle(announced BIGINT) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(announced);
  INSERT INTO cache_settled (token) VALUES (announced) ON CONFLICT DO NOTHING;
END $$;
