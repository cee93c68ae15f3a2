import type { Origin } from '../../lib/api/origin';

export type Share = 'redis' | 'postgres' | 'service' | 'way';

/** Milliseconds of a request that each share took. */
export type Split = readonly { share: Share; ms: number }[];

/**
 * Where a request's time went: Redis and PostgreSQL where they were asked, the API's own work, and the way between API
 * and browser. Redis and PostgreSQL may have been asked at the same time; then nothing is left for the service. Null
 * where the API doesn't tell its total.
 */
export function splitLatency({ timings, roundTripMs }: Origin): Split | null {
  const of = (name: string) => timings.find((timing) => timing.name === name)?.durationMs ?? null;
  const [redis, postgres, total] = [of('redis'), of('postgres'), of('total')];
  if (total === null) return null;
  return [
    ...(redis === null ? [] : [{ share: 'redis' as const, ms: redis }]),
    ...(postgres === null ? [] : [{ share: 'postgres' as const, ms: postgres }]),
    { share: 'service', ms: Math.max(0, total - (redis ?? 0) - (postgres ?? 0)) },
    { share: 'way', ms: Math.max(0, roundTripMs - total) },
  ];
}

export const sumOf = (split: Split): number => split.reduce((sum, { ms }) => sum + ms, 0);

/**
 * The milliseconds that the whole width of a bar stands for, so that the bars of `splits` compare. A way that takes
 * long would leave nothing to see of the rest: it gets half of the width, and what is longer is cut.
 */
export function scaleOf(splits: readonly Split[]): number {
  const inApi = splits.map((split) => sumOf(split.filter(({ share }) => share !== 'way')));
  return Math.min(Math.max(0, ...splits.map(sumOf)), 2 * Math.max(0, ...inApi));
}

/** 0.43 as `0.4 ms`: parts are too small for whole milliseconds. */
export const formatPart = (ms: number): string => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
