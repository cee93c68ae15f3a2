import { describe, expect, it } from 'vitest';

import type { Exchange } from '../../lib/api/exchanges';
import { parseCacheStatus, parseServerTiming } from '../../lib/api/headers';
import { answersOf, countKinds, heightOf, timeLeft } from './answers';

let count = 0;

function exchange(cacheStatus: string, rest: Partial<Exchange> = {}): Exchange {
  count += 1;
  const cache = parseCacheStatus(cacheStatus)[0] ?? null;
  const origin = { cache, timings: parseServerTiming('total;dur=3'), roundTripMs: 28 };
  return { id: count, method: 'GET', path: '/bitcoins/BTC', at: 0, status: 200, origin, ...rest };
}

const only = (one: Exchange) => answersOf([one])[0];

describe('the answers', () => {
  it.each([
    ['redis; hit; ttl=9', 200, 'GET', 'hit'],
    ['redis; fwd=uri-miss; stored', 200, 'GET', 'miss'],
    ['redis; fwd=uri-miss', 404, 'GET', 'miss'],
    ['redis; fwd=bypass', 200, 'GET', 'bypass'],
    ['', 200, 'GET', 'unknown'],
    ['', 204, 'DELETE', 'write'],
    ['', 412, 'PUT', 'failed'],
    ['', 503, 'GET', 'failed'],
    ['', null, 'GET', 'failed'],
  ])('with %j and the status %s to a %s are of kind %s', (cacheStatus, status, method, kind) => {
    expect(only(exchange(cacheStatus, { status, method }))?.kind).toBe(kind);
  });

  it('tell what was asked, how long it took and for how long it stays', () => {
    expect(only(exchange('redis; hit; ttl=9'))).toMatchObject({ asked: 'BTC', ms: 3, ttl: 9 });
  });

  it('are about coins: what is asked of the cache itself is left out', () => {
    const paths = ['/cache', '/cache/priming', '/cache/bitcoins/BTC', '/bitcoins/CACHE'];
    const answers = answersOf(paths.map((path) => exchange('', { path })));
    expect(answers.map(({ asked }) => asked)).toEqual(['CACHE']);
  });

  it('are the last forty', () => {
    const exchanges = Array.from({ length: 50 }, () => exchange(''));
    const ids = answersOf(exchanges).map(({ id }) => id);
    expect(ids).toHaveLength(40);
    expect(ids.at(-1)).toBe(exchanges.at(-1)?.id);
  });

  it('are counted by kind', () => {
    const answers = answersOf(
      ['redis; hit', 'redis; fwd=uri-miss', 'redis; hit'].map((status) => exchange(status)),
    );
    expect(countKinds(answers)).toEqual([
      ['hit', 2],
      ['miss', 1],
      ['bypass', 0],
      ['unknown', 0],
      ['write', 0],
      ['failed', 0],
    ]);
  });
});

describe('heightOf', () => {
  it('grows with the logarithm', () => {
    const heights = [0.1, 1, 10, 100, 1000].map((ms) => Number(heightOf(ms).toFixed(6)));
    expect(heights).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('stays in the box', () => {
    expect([heightOf(0), heightOf(60_000)]).toEqual([0, 1]);
  });
});

describe('timeLeft', () => {
  const answer = only(exchange('redis; hit; ttl=65'));

  it.each([
    [0, '1 min left'],
    [15_000, '50 s left'],
    [65_000, 'expired'],
    [-9000, '1 min left'],
  ])('after %i ms is %s', (now, text) => {
    expect(answer && timeLeft(answer, now)).toBe(text);
  });

  it('is unknown where nothing is cached', () => {
    const miss = only(exchange('redis; fwd=bypass'));
    expect(miss && timeLeft(miss, 0)).toBeNull();
  });
});
