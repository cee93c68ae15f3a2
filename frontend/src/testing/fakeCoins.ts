import type { Bitcoin, Ranking } from '../lib/api/types';

/** What the fake API keeps: coins, the versions of those that were deleted, and what its cache holds. */
export class FakeCoins {
  readonly #coins = new Map<string, Bitcoin>();
  readonly #lastVersions = new Map<string, number>();
  readonly cached = new Set<string>();
  hits = 0;
  misses = 0;

  get size(): number {
    return this.#coins.size;
  }

  get(symbol: string): Bitcoin | undefined {
    return this.#coins.get(symbol);
  }

  has(symbol: string): boolean {
    return this.#coins.has(symbol);
  }

  /** Writes as the API does: no version of a symbol ever comes twice. */
  set(symbol: string, price: number): Bitcoin {
    const now = new Date().toISOString();
    const old = this.#coins.get(symbol);
    const version = 1 + (old?.version ?? this.#lastVersions.get(symbol) ?? 0);
    const coin = { symbol, price, created_at: old?.created_at ?? now, updated_at: now, version };
    this.#coins.set(symbol, coin);
    this.#lastVersions.set(symbol, version);
    this.cached.add(symbol);
    this.cached.delete('ranking');
    return coin;
  }

  delete(symbol: string): boolean {
    this.cached.delete(symbol);
    this.cached.delete('ranking');
    return this.#coins.delete(symbol);
  }

  page(limit: number, offset: number): Ranking {
    const items = this.ranked().slice(offset, offset + limit);
    return { items, total: this.size, limit, offset, revision: 'fake' };
  }

  ranked(): Ranking['items'] {
    return [...this.#coins.values()]
      .sort((a, b) => b.price - a.price || (a.symbol < b.symbol ? -1 : 1))
      .map((coin, index) => ({ ...coin, rank: index + 1 }));
  }

  /** The headers of a read through the cache, which fills it. */
  readThrough(key: string): Record<string, string> {
    const hit = this.cached.has(key);
    if (hit) this.hits += 1;
    else this.misses += 1;
    this.cached.add(key);
    return hit ? HIT : MISS;
  }

  /** The headers of a read of what neither the cache nor the database has. */
  readInVain(): Record<string, string> {
    this.misses += 1;
    return { ...MISS, 'Cache-Status': 'redis; fwd=uri-miss' };
  }
}

const HIT = {
  'Cache-Status': 'redis; hit; ttl=2460',
  'Server-Timing': 'redis;dur=0.40, total;dur=3.00',
};
const MISS = {
  'Cache-Status': 'redis; fwd=uri-miss; stored',
  'Server-Timing': 'redis;dur=0.90, postgres;dur=5.10, total;dur=7.00',
};
/** The headers of a read that the cache has no part in. */
export const BYPASS = {
  'Cache-Status': 'redis; fwd=bypass',
  'Server-Timing': 'postgres;dur=4.00, total;dur=5.00',
};
