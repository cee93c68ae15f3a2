import { describe, expect, it } from 'vitest';

import type { Ranking } from './types';
import { pagesAfter, type Written } from './written';

const TIME = '2026-01-01T12:00:00Z';

/** A coin with price and version: `A 30 v2`. */
function coin(text: string) {
  const [symbol = '', price, version] = text.split(' ');
  const number = Number(version?.slice(1) ?? 1);
  return { rank: 0, symbol, price: Number(price), created_at: TIME, updated_at: TIME, version: number };
}

/** Pages that have room for two coins each, as they were read. */
function pages(...texts: string[][]): Ranking[] {
  const read = { total: texts.flat().length, limit: 2, revision: '' };
  return texts.map((coins, index) => ({ ...read, items: coins.map(coin), offset: 2 * index }));
}

const set = (text: string): Written => ({ kind: 'set', coin: coin(text) });
const deleted = (symbol: string, version = 1): Written => ({ kind: 'delete', symbol, version });

const symbols = (after: readonly Ranking[]) =>
  after.map(({ items }) => items.map(({ symbol }) => symbol).join(''));
const totals = (after: readonly Ranking[]) => after.map(({ total }) => total);

describe('the pages after a coin was changed', () => {
  const before = pages(['A 60', 'B 50'], ['C 40', 'D 30'], ['E 20']);

  it('hold its new price, and those without it are as they were', () => {
    const after = pagesAfter(set('D 35 v2'), before);
    expect(after[1]?.items).toMatchObject([{ symbol: 'C' }, { symbol: 'D', price: 35, version: 2 }]);
    expect(after[0]).toBe(before[0]);
    expect(after[2]).toBe(before[2]);
    expect(totals(after)).toEqual([5, 5, 5]);
  });

  it.each([
    ['up, and those between move down', 'D 70 v2', ['DA', 'BC', 'E']],
    ['into a page that is full', 'D 55 v2', ['AD', 'BC', 'E']],
    ['down', 'A 25 v2', ['B', 'CD', 'AE']],
    ['to the end', 'A 1 v2', ['B', 'CD', 'EA']],
  ])('hold it where it belongs: it moved %s', (_, text, expected) => {
    expect(symbols(pagesAfter(set(text), before))).toEqual(expected);
  });

  it('stay what they are where they were read after it', () => {
    expect(pagesAfter(set('D 35 v1'), before)).toBe(before);
  });
});

describe('the pages after a coin was added', () => {
  it('hold it, and count it', () => {
    const after = pagesAfter(set('F 45'), pages(['A 60', 'B 50'], ['C 40']));
    expect(symbols(after)).toEqual(['AB', 'FC']);
    expect(totals(after)).toEqual([4, 4]);
  });

  it('hold it where it is the first', () => {
    const after = pagesAfter(set('A 1'), pages([]));
    expect([symbols(after), totals(after)]).toEqual([['A'], [1]]);
  });

  it('hold more than they have room for where the next page is not known', () => {
    expect(symbols(pagesAfter(set('F 55'), pages(['A 60', 'B 50'])))).toEqual(['AFB']);
  });

  it('are none where none were read', () => {
    expect(pagesAfter(set('A 1'), [])).toEqual([]);
  });
});

describe('the pages after a coin was deleted', () => {
  const before = pages(['A 60', 'B 50 v3'], ['C 40']);

  it('neither hold nor count it', () => {
    const after = pagesAfter(deleted('B', 3), before);
    expect([symbols(after), totals(after)]).toEqual([
      ['A', 'C'],
      [2, 2],
    ]);
  });

  it('hold what someone has added again', () => {
    expect(pagesAfter(deleted('B', 2), before)).toBe(before);
  });

  it('stay what they are where they were read after it', () => {
    expect(pagesAfter(deleted('X'), before)).toBe(before);
  });
});
