import { describe, expect, it } from 'vitest';

import { follow, NO_TRACE, rates, together } from './rates';

/** The trace after reports of these hits and misses, one after the other. */
const traceOf = (...reports: [number, number][]) =>
  reports.reduce((trace, [hits, misses]) => follow(trace, { hits, misses }), NO_TRACE);

describe('a trace of hit rates', () => {
  it('says nothing after one report: what was read before is not of now', () => {
    expect(traceOf([980, 20]).intervals).toEqual([]);
  });

  it('has the rate of each interval between two reports', () => {
    expect(rates(traceOf([980, 20], [983, 21], [985, 21]).intervals)).toEqual([0.75, 1]);
  });

  it('has no point for an interval without reads', () => {
    expect(rates(traceOf([980, 20], [980, 20], [980, 21]).intervals)).toEqual([0]);
  });

  it.each([
    ['hits', [3, 21]],
    ['misses', [985, 0]],
  ] as [string, [number, number]][])('begins anew where %s went back', (_, restarted) => {
    const trace = traceOf([980, 20], [983, 21], restarted);
    expect(trace.intervals).toEqual([]);
    const next = { hits: restarted[0] + 1, misses: restarted[1] + 1 };
    expect(rates(follow(trace, next).intervals)).toEqual([0.5]);
  });

  it('keeps the newest', () => {
    const reports = Array.from({ length: 50 }, (_, index): [number, number] => [index ** 2, 0]);
    const { intervals } = traceOf(...reports);
    expect(intervals).toHaveLength(32);
    expect(intervals.at(-1)).toEqual({ hits: 97, reads: 97 });
  });

  it('sums up', () => {
    expect(together(traceOf([0, 0], [3, 1], [10, 2]).intervals)).toEqual({ hits: 10, reads: 12 });
  });
});
