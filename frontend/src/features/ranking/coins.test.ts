import { describe, expect, it } from 'vitest';

import type { Ranking } from '../../lib/api/types';
import { HEAD_SIZE, MAX_COINS, offsetOf, rankCoins, REST_SIZE, restOffsets, type Page } from './coins';

const TIME = '2026-01-01T12:00:00Z';

/** A page of coins that are called by their letters, with price and version: `A 30 v2`. */
function page(answeredAt: number, ...coins: string[]): Page {
  const items = coins.map((text) => {
    const [symbol = '', price, version] = text.split(' ');
    return {
      rank: 0,
      symbol,
      price: Number(price),
      created_at: TIME,
      updated_at: TIME,
      version: Number(version?.slice(1) ?? 1),
    };
  });
  const ranking: Ranking = { items, total: 0, limit: 0, offset: 0, revision: '' };
  return { ranking, answeredAt };
}

const shown = (...parameters: Parameters<typeof rankCoins>) =>
  rankCoins(...parameters).map(({ rank, symbol, price }) => `${rank} ${symbol} ${price}`);

describe('pages', () => {
  it('begin with a head and go on to the last coin', () => {
    expect(restOffsets(HEAD_SIZE)).toEqual([]);
    expect(restOffsets(HEAD_SIZE + 1)).toEqual([HEAD_SIZE]);
    expect(restOffsets(10_000)).toHaveLength(10);
    expect(restOffsets(10_000).at(-1)).toBe(HEAD_SIZE + 9 * REST_SIZE);
  });

  it('end where the page holds all that it can', () => {
    expect(restOffsets(1_000_000)).toEqual(restOffsets(MAX_COINS));
  });

  it.each([
    [1, 0],
    [HEAD_SIZE, 0],
    [HEAD_SIZE + 1, HEAD_SIZE],
    [HEAD_SIZE + REST_SIZE, HEAD_SIZE],
    [HEAD_SIZE + REST_SIZE + 1, HEAD_SIZE + REST_SIZE],
  ])('hold the coin at rank %d from offset %d on', (rank, offset) => {
    expect(offsetOf(rank)).toBe(offset);
  });
});

describe('rankCoins', () => {
  it('puts the pages one after the other and ranks ties by symbol', () => {
    expect(shown([page(1, 'B 30', 'A 30'), page(1, 'C 10')], [])).toEqual(['1 A 30', '2 B 30', '3 C 10']);
  });

  it('shows a coin that moved between two answers once, as its higher version has it', () => {
    expect(shown([page(1, 'A 30 v2', 'B 20'), page(2, 'A 10 v1')], [])).toEqual(['1 A 30', '2 B 20']);
  });

  it('leaves out what comes after a page that is missing', () => {
    expect(shown([page(1, 'A 30'), undefined, page(1, 'C 10')], [])).toEqual(['1 A 30']);
  });

  it('keeps the object of a coin whose rank stands', () => {
    const first = page(1, 'A 30', 'B 20');
    const [, before] = rankCoins([first], []);
    const [, after] = rankCoins(
      [{ ...first, ranking: { ...first.ranking, items: rankCoins([first], []) } }],
      [],
    );
    expect(after).toStrictEqual(before);
    const again = rankCoins([first], []);
    const items = { ...first.ranking, items: again };
    expect(rankCoins([{ ranking: items, answeredAt: 2 }], [])[1]).toBe(again[1]);
  });
});

describe('a write under way', () => {
  const pages = [page(1, 'A 30 v1', 'B 20 v4')];

  it('shows its price and ranks by it', () => {
    const write = { kind: 'set', symbol: 'B', price: 40, version: 5 } as const;
    expect(shown(pages, [write])).toEqual(['1 B 40', '2 A 30']);
  });

  it('shows a coin that is being added', () => {
    const write = { kind: 'set', symbol: 'C', price: 25, version: 1 } as const;
    expect(shown(pages, [write])).toEqual(['1 A 30', '2 C 25', '3 B 20']);
  });

  it('hides a coin that is being deleted', () => {
    expect(shown(pages, [{ kind: 'delete', symbol: 'A', version: 1 }])).toEqual(['1 B 20']);
  });

  it('does not hide a coin that someone has added again', () => {
    expect(shown(pages, [{ kind: 'delete', symbol: 'B', version: 3 }])).toEqual(['1 A 30', '2 B 20']);
  });

  it('gives way to what was read of it, or of a later one', () => {
    const write = { kind: 'set', symbol: 'B', price: 40, version: 4 } as const;
    expect(shown(pages, [write])).toEqual(['1 A 30', '2 B 20']);
  });

  it('shows the last of several of one coin', () => {
    const writes = [
      { kind: 'set', symbol: 'B', price: 40, version: 5 },
      { kind: 'set', symbol: 'B', price: 10, version: 6 },
    ] as const;
    expect(shown(pages, writes)).toEqual(['1 A 30', '2 B 10']);
  });
});
