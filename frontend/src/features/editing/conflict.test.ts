import { describe, expect, it } from 'vitest';

import type { Bitcoin } from '../../lib/api/types';
import { addition, deletion, edit, restoration, seenAs, type Change } from './changes';
import { agreement, choiceOf, insistence, keptMessage } from './conflict';

const time = '2026-01-01T12:00:00Z';
const coin = (price: number, version: number): Bitcoin => ({
  symbol: 'ETH',
  price,
  version,
  created_at: time,
  updated_at: time,
});
const recover = () => undefined;
const seen = seenAs(coin(2300, 6));
const current = coin(2400, 7);
const changes: Record<string, Change> = {
  add: addition('ETH', 2500, recover),
  edit: edit(seen, 2500, recover),
  delete: deletion(seen),
  restore: restoration('ETH', 2500, 7),
};
const change = (purpose: string): Change => changes[purpose] ?? deletion(seen);

describe('choiceOf', () => {
  it.each([
    ['add', 'ETH exists already', 'Keep 2,400', 'Set to 2,500'],
    ['edit', 'ETH was changed meanwhile', 'Keep 2,400', 'Set to 2,500'],
    ['restore', 'ETH was added again meanwhile', 'Keep 2,400', 'Set to 2,500'],
    ['delete', 'ETH was changed since you saw it', 'Keep it at 2,400', 'Delete it anyway'],
  ])('names both ways: %s', (purpose, title, keep, insist) => {
    expect(choiceOf({ change: change(purpose), current })).toMatchObject({ title, keep, insist });
  });

  it.each(['add', 'edit', 'restore'])('knows that a coin is gone: %s', (purpose) => {
    expect(choiceOf({ change: change(purpose), current: null })).toMatchObject({
      title: 'ETH was deleted meanwhile',
      keep: 'Leave it deleted',
      insist: 'Add it again at 2,500',
    });
  });
});

describe('agreement', () => {
  it('is where both want the same', () => {
    expect(agreement({ change: change('edit'), current: coin(2500, 9) })).toBe('ETH is at 2,500 already.');
    expect(agreement({ change: change('delete'), current: null })).toBe('ETH was deleted already.');
  });

  it('is not where they differ', () => {
    expect(agreement({ change: change('edit'), current })).toBeNull();
    expect(agreement({ change: change('edit'), current: null })).toBeNull();
    expect(agreement({ change: change('delete'), current })).toBeNull();
  });
});

describe('insistence', () => {
  it.each(['add', 'edit', 'restore'])(
    'sets the price of what was shown, and of nothing newer: %s',
    async (purpose) => {
      const insisted = insistence({ change: change(purpose), current });
      expect(insisted).toMatchObject({ kind: 'set', purpose: 'edit', price: 2500, version: 8, was: 2400 });
      expect(await insisted.stored).toEqual({ version: 7 });
    },
  );

  it('adds what is gone, if nobody else does', async () => {
    const insisted = insistence({ change: change('edit'), current: null });
    expect(insisted).toMatchObject({ kind: 'set', purpose: 'restore', price: 2500 });
    expect(await insisted.stored).toBe('absent');
  });

  it('deletes what was shown, and nothing newer', async () => {
    const insisted = insistence({ change: change('delete'), current });
    expect(insisted).toMatchObject({ kind: 'delete', symbol: 'ETH', was: 2400 });
    expect(await insisted.stored).toEqual({ version: 7 });
  });
});

it('what is kept is said', () => {
  expect(keptMessage({ change: change('edit'), current })).toBe('ETH stays at 2,400.');
  expect(keptMessage({ change: change('edit'), current: null })).toBe('ETH stays deleted.');
});
