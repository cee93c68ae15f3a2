import { describeOrigin, type Outcome } from '../../lib/api/describe';
import type { Exchange } from '../../lib/api/exchanges';
import type { Origin } from '../../lib/api/origin';
import { splitLatency, type Split } from './latency';

/** A read of the coin: the `number`th since its story was opened. */
export interface Read {
  kind: 'read';
  number: number;
  at: number;
  outcome: Outcome | 'missing' | 'failed';
  text: string;
  /** What the outcome means, in a sentence for someone who has never seen a cache. */
  meaning: string;
  split: Split | null;
}

/** What came of a request to evict the coin, after the read of this number. */
interface Eviction {
  kind: 'eviction';
  number: number;
  at: number;
  text: string;
}

/** What happened to the coin in its story. */
export type StoryEvent = Read | Eviction;

const KEPT = 40;

/** The events, newest first, with what `exchange` was for the coin at `path`; the same where that was no read of it. */
export function withExchange(
  events: readonly StoryEvent[],
  exchange: Exchange,
  path: string,
): readonly StoryEvent[] {
  if (exchange.method !== 'GET' || exchange.path !== path) return events;
  return newest(events, { kind: 'read', number: reads(events) + 1, at: exchange.at, ...told(exchange) });
}

/** The events with an eviction that ended at `at`; `evicted` is whether there was anything to evict. */
export function withEviction(events: readonly StoryEvent[], evicted: boolean, at: number) {
  return newest(events, { kind: 'eviction', number: reads(events), at, text: describeEviction(evicted) });
}

const newest = (events: readonly StoryEvent[], event: StoryEvent): readonly StoryEvent[] => [
  event,
  ...events.slice(0, KEPT - 1),
];

const reads = (events: readonly StoryEvent[]): number =>
  events.find(({ kind }) => kind === 'read')?.number ?? 0;

/** Someone else may read it before this page does. */
export const describeEviction = (evicted: boolean): string =>
  evicted
    ? 'Evicted: whoever reads it next gets a MISS.'
    : 'Nothing to evict: Redis held no value of this coin.';

function told({ origin, status }: Exchange): Pick<Read, 'outcome' | 'text' | 'meaning' | 'split'> {
  if (status === null) return { ...failed('No answer from the API'), split: null };
  const split = splitLatency(origin);
  const { outcome, text } = describeOrigin(origin);
  if (status === 404) return { outcome: 'missing', text, meaning: NOTHING_TO_KEEP, split };
  if (status >= 400) return { ...failed(`Failed with status ${status}`), split };
  return { outcome, text, meaning: MEANINGS[outcome](origin), split };
}

const failed = (text: string) => ({
  outcome: 'failed' as const,
  text,
  meaning: 'Nothing was read, so nothing is known of the cache.',
});

const NOTHING_TO_KEEP = 'There is no such coin, so there is nothing to keep in Redis.';

const MEANINGS: Record<Outcome, (origin: Origin) => string> = {
  hit: () => 'Redis had it: PostgreSQL was not asked.',
  miss: ({ cache }) =>
    cache?.stored === true
      ? 'Redis did not have it: PostgreSQL answered, and Redis keeps the answer for the next read.'
      : 'Redis did not have it: PostgreSQL answered. Redis did not keep the answer, as while a write is under way.',
  bypass: () => 'Redis could not be used: PostgreSQL answered, and nothing was kept.',
  unknown: () => 'The answer does not say where it came from.',
};
