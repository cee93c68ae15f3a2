import { describe, expect, it } from 'vitest';

import { parseCacheStatus, parseServerTiming } from './headers';

describe('parseCacheStatus', () => {
  it('reads a hit and its time to live', () => {
    expect(parseCacheStatus('redis; hit; ttl=23')).toEqual([
      { cache: 'redis', hit: true, fwd: null, stored: false, ttl: 23 },
    ]);
  });

  it('reads a miss that was stored', () => {
    expect(parseCacheStatus('redis; fwd=uri-miss; stored')).toEqual([
      { cache: 'redis', hit: false, fwd: 'uri-miss', stored: true, ttl: null },
    ]);
  });

  it('tells the caches apart, the nearest to the origin first', () => {
    expect(parseCacheStatus('redis;fwd=bypass, "cdn, west"; hit; detail="a;b,c"')).toMatchObject([
      { cache: 'redis', fwd: 'bypass' },
      { cache: 'cdn, west', hit: true },
    ]);
  });

  it('knows a stale answer by its negative time to live', () => {
    expect(parseCacheStatus('redis; hit; ttl=-4')).toMatchObject([{ ttl: -4 }]);
  });

  it.each(['', ' , ', ';;', '"', 'ttl=', '=;=,=', '"\\'])('survives %j', (header) => {
    for (const status of parseCacheStatus(header)) expect(status).toMatchObject({ hit: false, ttl: null });
  });
});

describe('parseServerTiming', () => {
  it('reads the metrics in their order, with or without a duration', () => {
    expect(parseServerTiming('redis;dur=0.4, postgres;desc="a, b";dur=12, cold')).toEqual([
      { name: 'redis', durationMs: 0.4 },
      { name: 'postgres', durationMs: 12 },
      { name: 'cold', durationMs: null },
    ]);
  });

  it('gives no duration for what is no number', () => {
    expect(parseServerTiming('redis;dur=fast')).toEqual([{ name: 'redis', durationMs: null }]);
  });
});
