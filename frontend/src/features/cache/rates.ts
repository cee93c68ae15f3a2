import type { CacheReport } from '../../lib/api/types';

type Counts = Pick<CacheReport, 'hits' | 'misses'>;

/** The reads between two reports. */
export interface Interval {
  hits: number;
  reads: number;
}

export interface RateTrace {
  /** What the next report is compared with, or null before the first one. */
  last: Counts | null;
  /** Oldest first; only those with reads. */
  intervals: readonly Interval[];
}

export const NO_TRACE: RateTrace = { last: null, intervals: [] };

const KEPT = 32;

/** The trace with what happened until `report`. Counts that went back were begun anew: so is the trace. */
export function follow({ last, intervals }: RateTrace, report: Counts): RateTrace {
  const hits = report.hits - (last?.hits ?? report.hits);
  const misses = report.misses - (last?.misses ?? report.misses);
  if (hits < 0 || misses < 0) return { last: report, intervals: [] };
  if (hits + misses === 0) return { last: report, intervals };
  return { last: report, intervals: [...intervals.slice(1 - KEPT), { hits, reads: hits + misses }] };
}

/** The hit rate of each interval, 0 to 1. */
export const rates = (intervals: readonly Interval[]): number[] =>
  intervals.map(({ hits, reads }) => hits / reads);

/** All intervals as one. */
export const together = (intervals: readonly Interval[]): Interval =>
  intervals.reduce((sum, { hits, reads }) => ({ hits: sum.hits + hits, reads: sum.reads + reads }), {
    hits: 0,
    reads: 0,
  });
