import { byPrice } from './order';
import type { Bitcoin, RankedBitcoin, Ranking } from './types';

/** A write that was made, and what it left of the coin. */
export type Written =
  | { kind: 'set'; coin: Bitcoin }
  /** `version` is that which was deleted. */
  | { kind: 'delete'; symbol: string; version: number };

/**
 * The ranking's pages, in their order, as they would have been read after a write: what they hold of the coin, and how many
 * coins they count. A page that the write leaves as it was is the same object, and no coin's rank is made anew.
 */
export function pagesAfter(written: Written, pages: readonly Ranking[]): readonly Ranking[] {
  const { symbol, version } = written.kind === 'set' ? written.coin : written;
  const held = pages.flatMap(({ items }) => items.filter((coin) => coin.symbol === symbol));
  if (written.kind === 'set') {
    // A page was read after the write already.
    if (held.some((coin) => coin.version >= version)) return pages;
    const others = held.length === 0 ? counting(1, pages) : without(symbol, pages);
    return dealt({ ...written.coin, rank: 0 }, others);
  }
  const isLeft = held.length === 0 || held.some((coin) => coin.version > version);
  return isLeft ? pages : counting(-1, without(symbol, pages));
}

function counting(difference: number, pages: readonly Ranking[]): Ranking[] {
  return pages.map((page) => ({ ...page, total: page.total + difference }));
}

function without(symbol: string, pages: readonly Ranking[]): Ranking[] {
  return pages.map((page) => {
    const items = page.items.filter((coin) => coin.symbol !== symbol);
    return items.length === page.items.length ? page : { ...page, items };
  });
}

/**
 * Puts a coin into the page that its price belongs to. What a page has no room for goes on to the next, so that a page which
 * is read anew takes no coin away that no other page holds.
 */
function dealt(coin: RankedBitcoin, pages: readonly Ranking[]): Ranking[] {
  const isDearer = ({ items: [first] }: Ranking) => first !== undefined && first.price >= coin.price;
  const home = Math.max(pages.filter(isDearer).length, 1) - 1;
  let carried: RankedBitcoin | undefined = coin;
  return pages.map((page, index) => {
    if (carried === undefined || index < home) return page;
    const items = [...page.items, carried].sort(byPrice);
    const isNextKept = pages[index + 1]?.offset === page.offset + page.limit;
    carried = isNextKept && items.length > page.limit ? items.pop() : undefined;
    return { ...page, items };
  });
}
