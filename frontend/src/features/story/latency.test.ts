import { describe, expect, it } from 'vitest';

import { parseServerTiming } from '../../lib/api/headers';
import { formatPart, scaleOf, splitLatency, sumOf } from './latency';

const split = (serverTiming: string, roundTripMs: number) =>
  splitLatency({ cache: null, timings: parseServerTiming(serverTiming), roundTripMs });

describe('the split of a latency', () => {
  it('has what the databases took, the rest of the total and the way', () => {
    expect(split('redis;dur=0.5, postgres;dur=1.75, total;dur=3.25', 10)).toEqual([
      { share: 'redis', ms: 0.5 },
      { share: 'postgres', ms: 1.75 },
      { share: 'service', ms: 1 },
      { share: 'way', ms: 6.75 },
    ]);
  });

  it('leaves out who was not asked', () => {
    expect(split('redis;dur=0.5, total;dur=3', 3)?.map(({ share }) => share)).toEqual([
      'redis',
      'service',
      'way',
    ]);
  });

  it('leaves nothing for the service where the databases were asked at once', () => {
    expect(split('redis;dur=3, postgres;dur=3, total;dur=4', 5)).toContainEqual({ share: 'service', ms: 0 });
  });

  it('has no way below nothing, which clocks of two machines may suggest', () => {
    expect(split('total;dur=4', 3.5)).toContainEqual({ share: 'way', ms: 0 });
  });

  it('is unknown where the API is silent on its total', () => {
    expect(split('redis;dur=3', 5)).toBeNull();
  });

  it('sums up', () => {
    expect(sumOf(split('redis;dur=0.5, total;dur=3', 10) ?? [])).toBe(10);
  });
});

describe('the scale of several bars', () => {
  const of = (totalMs: number, wayMs: number) => split(`total;dur=${totalMs}`, totalMs + wayMs) ?? [];

  it('fits the longest', () => {
    expect(scaleOf([of(3, 1), of(7, 2)])).toBe(9);
  });

  it('cuts ways that are longer than the longest work of the API', () => {
    expect(scaleOf([of(3, 400), of(7, 2)])).toBe(14);
  });

  it('is nothing without a bar', () => {
    expect(scaleOf([])).toBe(0);
  });
});

it.each([
  [0.43, '0.4 ms'],
  [7, '7.0 ms'],
  [123.4, '123 ms'],
])('%d is said as %s', (ms, text) => {
  expect(formatPart(ms)).toBe(text);
});
