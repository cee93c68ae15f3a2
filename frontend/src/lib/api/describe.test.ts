import { describe, expect, it } from 'vitest';

import { describeOrigin } from './describe';
import { parseCacheStatus, parseServerTiming } from './headers';
import type { Origin } from './origin';

function origin(cacheStatus: string, serverTiming = ''): Origin {
  return {
    cache: parseCacheStatus(cacheStatus)[0] ?? null,
    timings: parseServerTiming(serverTiming),
    roundTripMs: 28,
  };
}

describe('describeOrigin', () => {
  it('tells a hit, the time the API took and how long it stays', () => {
    expect(describeOrigin(origin('redis; hit; ttl=2460', 'redis;dur=0.4, total;dur=3'))).toEqual({
      outcome: 'hit',
      text: 'Redis HIT · 3 ms · 41 min left',
    });
  });

  it('tells the round trip where the API is silent on its time', () => {
    expect(describeOrigin(origin('redis; hit')).text).toBe('Redis HIT · 28 ms');
  });

  it('tells a miss', () => {
    expect(describeOrigin(origin('redis; fwd=uri-miss; stored'))).toEqual({
      outcome: 'miss',
      text: 'Redis MISS · PostgreSQL · 28 ms',
    });
  });

  it('tells a read past Redis', () => {
    expect(describeOrigin(origin('redis; fwd=bypass'))).toEqual({
      outcome: 'bypass',
      text: 'Redis BYPASSED · PostgreSQL · 28 ms',
    });
  });

  it('claims nothing where the API is silent', () => {
    expect(describeOrigin(origin(''))).toEqual({ outcome: 'unknown', text: 'Source unknown · 28 ms' });
  });
});
