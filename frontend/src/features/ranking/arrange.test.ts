import { describe, expect, it } from 'vitest';

import type { RankedBitcoin } from '../../lib/api/types';
import { arrange, arrangementOf, COLUMNS, sortedBy, type Arrangement } from './arrange';

const TRACES = new Map([
  ['BTC', { prices: [10, 30], version: 2 }],
  ['ETH', { prices: [40, 20], version: 2 }],
]);

function coin(rank: number, symbol: string, price: number, updated_at: string): RankedBitcoin {
  return { rank, symbol, price, updated_at, created_at: updated_at, version: 1 };
}

const COINS = [
  coin(1, 'BTC', 30, '2026-01-01T12:00:00Z'),
  coin(2, 'ETH', 20, '2026-01-03T12:00:00Z'),
  coin(3, 'ADA', 20, '2026-01-02T12:00:00Z'),
];

const BY_RANK: Arrangement = { column: 'rank', order: 'ascending', search: '' };

const symbols = (changes: Partial<Arrangement>) =>
  arrange(COINS, { ...BY_RANK, ...changes }, (symbol) => TRACES.get(symbol)).map(({ symbol }) => symbol);

describe('arrange', () => {
  it.each([
    ['rank', 'ascending', ['BTC', 'ETH', 'ADA']],
    ['rank', 'descending', ['ADA', 'ETH', 'BTC']],
    ['symbol', 'ascending', ['ADA', 'BTC', 'ETH']],
    ['symbol', 'descending', ['ETH', 'BTC', 'ADA']],
    ['price', 'ascending', ['ETH', 'ADA', 'BTC']],
    ['price', 'descending', ['BTC', 'ETH', 'ADA']],
    ['change', 'descending', ['BTC', 'ADA', 'ETH']],
    ['change', 'ascending', ['ETH', 'ADA', 'BTC']],
    ['updated', 'descending', ['ETH', 'ADA', 'BTC']],
    ['updated', 'ascending', ['BTC', 'ADA', 'ETH']],
  ] as const)('by %s, %s', (column, order, expected) => {
    expect(symbols({ column, order })).toEqual(expected);
  });

  it('leaves the coins whose symbols contain what is searched for', () => {
    expect(symbols({ search: 'T' })).toEqual(['BTC', 'ETH']);
    expect(symbols({ search: 'T', column: 'symbol', order: 'descending' })).toEqual(['ETH', 'BTC']);
    expect(symbols({ search: 'X' })).toEqual([]);
  });
});

describe('the address', () => {
  it.each([
    ['', BY_RANK],
    ['sort=price', { column: 'price', order: 'descending', search: '' }],
    ['sort=price&order=ascending&q=bt', { column: 'price', order: 'ascending', search: 'BT' }],
    ['sort=nonsense&order=sideways', BY_RANK],
  ])('?%s asks for an arrangement', (search, expected) => {
    expect(arrangementOf(new URLSearchParams(search))).toEqual(expected);
  });
});

describe('a click on the head of a column', () => {
  it.each(COLUMNS)('sorts by $column first in the order that one expects', ({ column, first }) => {
    const other: Arrangement = { ...BY_RANK, column: column === 'rank' ? 'price' : 'rank' };
    expect(sortedBy(column, other)).toEqual({ column, order: first });
  });

  it('turns the order round the second time', () => {
    expect(sortedBy('rank', BY_RANK)).toEqual({ column: 'rank', order: 'descending' });
  });
});
