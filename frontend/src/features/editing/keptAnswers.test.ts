import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';

import { queryKeys } from '../../lib/api/keys';
import { KeptAnswers } from './keptAnswers';

const TIME = '2026-01-01T12:00:00Z';
const READ_AT = 5;

const coin = (price: number, version: number) => ({
  symbol: 'ETH',
  price,
  version,
  created_at: TIME,
  updated_at: TIME,
});
const headKey = [...queryKeys.ranking, 0];
const coinKey = [...queryKeys.coin, 'ETH'];

/** What is kept after the ranking and a coin were read. */
function kept() {
  const queries = new QueryClient();
  const read = { rank: 1, ...coin(2300, 1) };
  const head = { items: [read], total: 1, limit: 100, offset: 0, revision: '' };
  queries.setQueryData(headKey, { data: head, origin: 'head' }, { updatedAt: READ_AT });
  queries.setQueryData(coinKey, { data: coin(2300, 1), origin: 'coin' }, { updatedAt: READ_AT });
  return { queries, answers: new KeptAnswers(queries) };
}

describe('a write that was made', () => {
  it('is in the ranking and in the story, which come from where they came from', async () => {
    const { queries, answers } = kept();
    await answers.takeIn({ kind: 'set', coin: coin(2500, 2) });
    expect(queries.getQueryData(headKey)).toMatchObject({ data: { items: [coin(2500, 2)] }, origin: 'head' });
    expect(queries.getQueryData(coinKey)).toEqual({ data: coin(2500, 2), origin: 'coin' });
    for (const key of [headKey, coinKey]) expect(queries.getQueryState(key)?.dataUpdatedAt).toBe(READ_AT);
  });

  it('does not replace what is newer', async () => {
    const { queries, answers } = kept();
    queries.setQueryData(coinKey, { data: coin(9, 3), origin: 'coin' });
    await answers.takeIn({ kind: 'set', coin: coin(2500, 2) });
    expect(queries.getQueryData(coinKey)).toMatchObject({ data: coin(9, 3) });
  });

  it('takes a deleted coin out of the ranking', async () => {
    const { queries, answers } = kept();
    await answers.takeIn({ kind: 'delete', symbol: 'ETH', version: 1 });
    expect(queries.getQueryData(headKey)).toMatchObject({ data: { items: [], total: 0 } });
  });
});
