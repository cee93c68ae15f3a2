-- The table and its index may have been made by the database's init script.
CREATE TABLE IF NOT EXISTS bitcoins (
  symbol VARCHAR(10) PRIMARY KEY,
  price INTEGER NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_bitcoin_price ON bitcoins (price DESC);
