-- Each write counts a coin's version up, and no version of a symbol ever comes twice, also if the coin is deleted and
-- made anew: an entity tag names one state for good. So deleted coins leave their last version behind. A writer that
-- inserts or deletes holds the symbol's advisory lock, or it could miss the version that another is just leaving.
ALTER TABLE bitcoins ADD COLUMN IF NOT EXISTS version BIGINT NOT NULL DEFAULT 1;

CREATE TABLE IF NOT EXISTS deleted_bitcoins (
  symbol VARCHAR(10) PRIMARY KEY,
  version BIGINT NOT NULL
);

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
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION bitcoins_leave_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deleted_bitcoins (symbol, version) VALUES (OLD.symbol, OLD.version)
    ON CONFLICT (symbol) DO UPDATE SET version = EXCLUDED.version;
  RETURN NULL;
END $$;

UPDATE bitcoins SET created_at = coalesce(created_at, LOCALTIMESTAMP), updated_at = coalesce(updated_at, LOCALTIMESTAMP)
  WHERE created_at IS NULL OR updated_at IS NULL;
ALTER TABLE bitcoins ALTER COLUMN created_at SET NOT NULL, ALTER COLUMN updated_at SET NOT NULL;

CREATE OR REPLACE TRIGGER bitcoins_count_write BEFORE INSERT OR UPDATE ON bitcoins
  FOR EACH ROW EXECUTE FUNCTION bitcoins_count_write();
CREATE OR REPLACE TRIGGER bitcoins_leave_version AFTER DELETE ON bitcoins
  FOR EACH ROW EXECUTE FUNCTION bitcoins_leave_version();
