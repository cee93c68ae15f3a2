import { describe, expect, it } from 'vitest';

import type { Answer } from '../../lib/api/client';
import type { Ranking } from '../../lib/api/types';
import { joinPages, nextOffset } from './pages';

/** A page of `symbols` at `offset`, of a ranking of `total` coins. */
function page(symbols: string[], offset: number, total: number): Answer<Ranking> {
  const time = '2026-01-01T12:00:00Z';
  const items = symbols.map((symbol, index) => ({
    rank: offset + index + 1,
    symbol,
    price: 1000 - offset - index,
    created_at: time,
    updated_at: time,
    version: 1,
  }));
  const origin = { cache: null, timings: [], version: null, roundTripMs: offset };
  return { data: { items, total, limit: 2, offset, revision: '' }, origin };
}

describe('joinPages', () => {
  it('puts the pages one after the other', () => {
    const ranking = joinPages([page(['A', 'B'], 0, 3), page(['C'], 2, 3)]);
    expect(ranking.coins.map(({ symbol }) => symbol)).toEqual(['A', 'B', 'C']);
    expect(ranking.total).toBe(3);
  });

  it('shows a coin that moved between two answers once, where the newer one has it', () => {
    const ranking = joinPages([page(['A', 'B'], 0, 3), page(['A'], 2, 3)]);
    expect(ranking.coins.map(({ symbol, rank }) => [symbol, rank])).toEqual([
      ['B', 2],
      ['A', 3],
    ]);
  });

  it('counts with the newest total and tells the source of the first page', () => {
    const ranking = joinPages([page(['A', 'B'], 0, 3), page(['C', 'D'], 2, 4)]);
    expect(ranking.total).toBe(4);
    expect(ranking.origin.roundTripMs).toBe(0);
  });
});

describe('nextOffset', () => {
  it('goes on where the page ended', () => {
    expect(nextOffset(page(['A', 'B'], 0, 3))).toBe(2);
  });

  it('ends with the last coin', () => {
    expect(nextOffset(page(['C'], 2, 3))).toBeUndefined();
  });

  it('ends with an empty page, whatever the total says', () => {
    expect(nextOffset(page([], 2, 3))).toBeUndefined();
  });
});
