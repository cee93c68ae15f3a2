import type { Answer } from '../../lib/api/client';
import type { Origin } from '../../lib/api/origin';
import type { RankedBitcoin, Ranking } from '../../lib/api/types';

/** The ranking as far as it is loaded. */
export interface LoadedRanking {
  coins: RankedBitcoin[];
  /** How many coins there are in all. */
  total: number;
  /** Where the first page came from. */
  origin: Origin;
}

/**
 * The pages as one ranking. A coin that moved between two pages' answers stands in both: the later answer,
 * which is the newer one, counts.
 */
export function joinPages(pages: [Answer<Ranking>, ...Answer<Ranking>[]]): LoadedRanking {
  const newest = new Map(pages.flatMap(({ data }) => data.items).map((coin) => [coin.symbol, coin]));
  const last = pages.at(-1) ?? pages[0];
  return {
    coins: [...newest.values()].sort((a, b) => a.rank - b.rank || (a.symbol < b.symbol ? -1 : 1)),
    total: last.data.total,
    origin: pages[0].origin,
  };
}

/** Where the page after `page` begins, or undefined after the last one. */
export function nextOffset({ data }: Answer<Ranking>): number | undefined {
  const end = data.offset + data.items.length;
  return data.items.length > 0 && end < data.total ? end : undefined;
}
