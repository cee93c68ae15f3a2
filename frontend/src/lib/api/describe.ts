import { formatLatency, formatSpan } from '../format';
import type { Origin } from './origin';

/** What the cache did: `bypass` where it was not asked, or could not answer; `unknown` where the answer doesn't say. */
export type Outcome = 'hit' | 'miss' | 'bypass' | 'unknown';

export interface Description {
  outcome: Outcome;
  text: string;
}

export function outcomeOf({ cache }: Origin): Outcome {
  if (cache === null) return 'unknown';
  if (cache.hit) return 'hit';
  return cache.fwd === 'bypass' ? 'bypass' : 'miss';
}

/** Who gave an answer, how fast, and for how long it stays cached: `Redis HIT · 3 ms · 41 min left`. */
export function describeOrigin(origin: Origin): Description {
  const outcome = outcomeOf(origin);
  const latency = formatLatency(latencyMs(origin));
  const ttl = origin.cache?.ttl ?? null;
  const left = outcome !== 'hit' || ttl === null ? '' : ` · ${formatSpan(ttl)} left`;
  const answered = outcome === 'miss' || outcome === 'bypass' ? ' · PostgreSQL' : '';
  return { outcome, text: `${OUTCOME_NAMES[outcome]}${answered} · ${latency}${left}` };
}

/** What each outcome is called, wherever the page tells of it. */
export const OUTCOME_NAMES: Record<Outcome, string> = {
  hit: 'Redis HIT',
  miss: 'Redis MISS',
  bypass: 'Redis BYPASSED',
  unknown: 'Source unknown',
};

/** The API's own time where it tells, so that the way to this browser doesn't blur the cache's; else the round trip. */
export function latencyMs({ timings, roundTripMs }: Origin): number {
  return timings.find(({ name }) => name === 'total')?.durationMs ?? roundTripMs;
}
