import { describe, expect, it } from 'vitest';

import type { Exchange } from '../../lib/api/exchanges';
import { parseCacheStatus, parseServerTiming } from '../../lib/api/headers';
import { withEviction, withExchange, type StoryEvent } from './events';

const PATH = '/bitcoins/BTC';

function exchange(cacheStatus: string, rest: Partial<Exchange> = {}): Exchange {
  const origin = {
    cache: parseCacheStatus(cacheStatus)[0] ?? null,
    timings: parseServerTiming('redis;dur=0.4, total;dur=3'),
    roundTripMs: 28,
  };
  return { id: 1, method: 'GET', path: PATH, at: 0, status: 200, origin, ...rest };
}

const HIT = exchange('redis; hit; ttl=2460');

const storyOf = (...exchanges: Exchange[]) =>
  exchanges.reduce<readonly StoryEvent[]>((events, one) => withExchange(events, one, PATH), []);

describe('a story', () => {
  it('counts the reads, newest first', () => {
    expect(storyOf(exchange('redis; fwd=uri-miss; stored'), HIT)).toMatchObject([
      { number: 2, outcome: 'hit', text: 'Redis HIT · 3 ms · 41 min left' },
      { number: 1, outcome: 'miss', text: 'Redis MISS · PostgreSQL · 3 ms' },
    ]);
  });

  it('tells an eviction between them', () => {
    const events = withExchange(withEviction(storyOf(HIT), true, 0), HIT, PATH);
    expect(events.map(({ kind, number }) => [kind, number])).toEqual([
      ['read', 2],
      ['eviction', 1],
      ['read', 1],
    ]);
  });

  it.each([
    [true, /^Evicted: .* MISS/],
    [false, /^Nothing to evict/],
  ])('tells whether there was anything to evict: %s', (evicted, text) => {
    expect(withEviction([], evicted, 0)).toMatchObject([{ text: expect.stringMatching(text) as string }]);
  });

  it.each([
    ['redis; fwd=uri-miss; stored', /Redis keeps the answer/],
    ['redis; fwd=uri-miss', /Redis did not keep the answer/],
  ])('does not say that Redis keeps what it was not given: %s', (cacheStatus, meaning) => {
    expect(storyOf(exchange(cacheStatus))).toMatchObject([
      { meaning: expect.stringMatching(meaning) as string },
    ]);
  });

  it.each([
    ['of another coin', { path: '/bitcoins/BTCX' }],
    ['of its rank', { path: `${PATH}/rank` }],
    ['that writes', { method: 'PUT' }],
  ])('does not change with a request %s', (_, rest) => {
    const events = storyOf(HIT);
    expect(withExchange(events, exchange('', rest), PATH)).toBe(events);
  });

  it.each([
    [404, 'redis; fwd=uri-miss', 'missing', /MISS/],
    [503, '', 'failed', /status 503/],
    [null, '', 'failed', /No answer/],
  ] as const)('tells what came of a read with status %s', (status, cacheStatus, outcome, text) => {
    expect(storyOf(exchange(cacheStatus, { status }))).toMatchObject([
      { outcome, text: expect.stringMatching(text) as string },
    ]);
  });

  it('forgets what is long ago, but not how many reads there were', () => {
    const events = storyOf(...Array.from({ length: 50 }, () => HIT));
    expect(events).toHaveLength(40);
    expect(events[0]?.number).toBe(50);
  });
});
