import { formatLatency, formatSpan } from '../format';
import type { Origin } from './origin';

export interface Description {
  outcome: 'hit' | 'miss' | 'unknown';
  text: string;
}

/** Who gave an answer, how fast, and for how long it stays cached: `Redis HIT · 3 ms · 41 min left`. */
export function describeOrigin(origin: Origin): Description {
  const { cache } = origin;
  const latency = formatLatency(latencyMs(origin));
  if (cache === null) return { outcome: 'unknown', text: `Source unknown · ${latency}` };
  if (cache.hit) {
    const left = cache.ttl === null ? '' : ` · ${formatSpan(cache.ttl)} left`;
    return { outcome: 'hit', text: `Redis HIT · ${latency}${left}` };
  }
  const reason = cache.fwd === 'bypass' ? 'Redis BYPASSED' : 'Redis MISS';
  return { outcome: 'miss', text: `${reason} · PostgreSQL · ${latency}` };
}

/** The API's own time where it tells, so that the way to this browser doesn't blur the cache's; else the round trip. */
function latencyMs({ timings, roundTripMs }: Origin): number {
  return timings.find(({ name }) => name === 'total')?.durationMs ?? roundTripMs;
}
