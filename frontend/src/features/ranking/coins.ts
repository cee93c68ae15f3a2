import { byPrice } from '../../lib/api/order';
import { MAX_LIMIT } from '../../lib/api/rules';
import type { RankedBitcoin, Ranking } from '../../lib/api/types';
import type { Write } from '../../lib/api/writes';

/** The size of the one page that the API keeps in its cache: the ranking's head. */
export const HEAD_SIZE = 100;
/** The size of the pages after it, the largest that the API gives. */
export const REST_SIZE = MAX_LIMIT;
/** How many coins the page holds at most; those of lower prices are found by their symbols alone. */
export const MAX_COINS = 20_000;

/** Where the pages after the head begin, in a ranking of `total` coins. */
export function restOffsets(total: number): number[] {
  const pages = Math.ceil((Math.min(total, MAX_COINS) - HEAD_SIZE) / REST_SIZE);
  return Array.from({ length: Math.max(pages, 0) }, (_, page) => HEAD_SIZE + page * REST_SIZE);
}

/** The offset of the page that holds the coin at `rank`. */
export function offsetOf(rank: number): number {
  return rank <= HEAD_SIZE ? 0 : HEAD_SIZE + Math.floor((rank - 1 - HEAD_SIZE) / REST_SIZE) * REST_SIZE;
}

/** A page's answer and when it came, in milliseconds since 1970. */
export interface Page {
  ranking: Ranking;
  answeredAt: number;
}

/**
 * One ranking out of the pages' answers, which are of different ages, and the writes that are under way.
 *
 * A coin that moved between two pages' answers stands in both: the higher version counts, which is the newer one, or else
 * the later answer. Pages after one that is missing don't count, so that ranks are those of the coins shown.
 */
export function rankCoins(pages: readonly (Page | undefined)[], writes: readonly Write[]): RankedBitcoin[] {
  const missing = pages.indexOf(undefined);
  const loaded = pages.slice(0, missing === -1 ? undefined : missing).filter((page) => page !== undefined);
  const coins = new Map<string, RankedBitcoin>();
  for (const { ranking } of loaded.sort((a, b) => a.answeredAt - b.answeredAt)) {
    for (const coin of ranking.items) {
      if (coin.version >= (coins.get(coin.symbol)?.version ?? 0)) coins.set(coin.symbol, coin);
    }
  }
  for (const write of writes) apply(write, coins);
  return [...coins.values()].sort(byPrice).map(ranked);
}

/** The same object where its rank stands, so that what shows it need not render anew. */
function ranked(coin: RankedBitcoin, index: number): RankedBitcoin {
  return coin.rank === index + 1 ? coin : { ...coin, rank: index + 1 };
}

function apply(write: Write, coins: Map<string, RankedBitcoin>): void {
  const { symbol, version } = write;
  const old = coins.get(symbol);
  if (write.kind === 'delete') {
    if (old !== undefined && old.version <= version) coins.delete(symbol); // Else someone has added it again.
    return;
  }
  if (old !== undefined && old.version >= version) return; // What was read already holds this write, or a later one.
  const { price } = write;
  const now = new Date().toISOString();
  coins.set(symbol, { symbol, price, version, created_at: old?.created_at ?? now, updated_at: now, rank: 0 });
}
