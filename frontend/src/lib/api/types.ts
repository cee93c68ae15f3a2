/** The REST contract: the shapes of `bitcoincache_api/http.py`, with times as ISO 8601 strings. */

export interface Bitcoin {
  symbol: string;
  price: number;
  created_at: string;
  updated_at: string;
  /** Counts the coin's writes. */
  version: number;
}

export interface RankedBitcoin extends Bitcoin {
  /** Place in the ranking, from 1. */
  rank: number;
}

/** A page of the ranking by price, highest first; `total` counts all coins. */
export interface Ranking {
  items: RankedBitcoin[];
  total: number;
  limit: number;
  offset: number;
  revision: string;
}

export interface NewBitcoin {
  symbol: string;
  price: number;
}

export interface CacheReport {
  status: 'available' | 'unavailable';
  hits: number;
  misses: number;
  /** 0 to 1, or null before the first read. */
  hit_rate: number | null;
  keys: number | null;
  last_primed_at: string | null;
  last_primed_keys: number | null;
  /** Whether anyone may evict and prime. */
  controls: boolean;
}

export interface FieldError {
  field: string;
  message: string;
}

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string | null;
  errors?: FieldError[] | null;
}

/** GET /bitcoins/{symbol}/rank. */
export interface Rank {
  symbol: string;
  price: number;
  rank: number;
  total: number;
}

/** DELETE /cache/bitcoins/{symbol}. */
export interface Eviction {
  symbol: string;
  /** False where it was not cached. */
  evicted: boolean;
}
