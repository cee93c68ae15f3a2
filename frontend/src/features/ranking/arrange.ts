import type { RankedBitcoin } from '../../lib/api/types';
import { lastChange, type Trace } from '../../lib/history';

export type Column = 'rank' | 'symbol' | 'price' | 'change' | 'updated';
export type Order = 'ascending' | 'descending';

/** How the ranking is laid out: by which column, and which coins of it. */
export interface Arrangement {
  column: Column;
  order: Order;
  /** What the symbols shown contain, upper-case; empty for all. */
  search: string;
}

/** The columns that one can sort by, each with the order that one expects first. */
export const COLUMNS: readonly { column: Column; title: string; first: Order }[] = [
  { column: 'rank', title: 'Rank', first: 'ascending' },
  { column: 'symbol', title: 'Symbol', first: 'ascending' },
  { column: 'price', title: 'Price', first: 'descending' },
  { column: 'change', title: 'Change', first: 'descending' },
  { column: 'updated', title: 'Updated', first: 'descending' },
];

const [BY_RANK] = COLUMNS;

/** The arrangement that an address asks for; what makes no sense is the default, by rank. */
export function arrangementOf(params: URLSearchParams): Arrangement {
  const known = COLUMNS.find(({ column }) => column === params.get('sort')) ?? BY_RANK;
  const order = params.get('order');
  return {
    column: known?.column ?? 'rank',
    order: order === 'ascending' || order === 'descending' ? order : (known?.first ?? 'ascending'),
    search: (params.get('q') ?? '').trim().toUpperCase(),
  };
}

/** The arrangement after a click on the head of `column`: sorted by it, or the other way round if it was already. */
export function sortedBy(
  column: Column,
  { column: old, order }: Arrangement,
): { column: Column; order: Order } {
  if (column === old) return { column, order: order === 'ascending' ? 'descending' : 'ascending' };
  return { column, order: COLUMNS.find((known) => known.column === column)?.first ?? 'ascending' };
}

/** The coins that `arrangement` shows, in its order. `coins` are in order of rank, and so are those that compare equal. */
export function arrange(
  coins: readonly RankedBitcoin[],
  { column, order, search }: Arrangement,
  traceOf: (symbol: string) => Trace | undefined,
): readonly RankedBitcoin[] {
  const found = search === '' ? coins : coins.filter(({ symbol }) => symbol.includes(search));
  if (column === 'rank' && order === 'ascending') return found;
  const sign = order === 'ascending' ? 1 : -1;
  if (column === 'symbol') return [...found].sort((a, b) => (a.symbol < b.symbol ? -sign : sign));
  const value = valueBy(column, traceOf);
  return found
    .map((coin) => ({ coin, value: value(coin) }))
    .sort((a, b) => sign * (a.value - b.value))
    .map(({ coin }) => coin);
}

function valueBy(
  column: Exclude<Column, 'symbol'>,
  traceOf: (symbol: string) => Trace | undefined,
): (coin: RankedBitcoin) => number {
  switch (column) {
    case 'rank':
      return ({ rank }) => rank;
    case 'price':
      return ({ price }) => price;
    case 'change':
      return ({ symbol }) => lastChange(traceOf(symbol))?.share ?? 0;
    case 'updated':
      return ({ updated_at }) => Date.parse(updated_at);
  }
}
