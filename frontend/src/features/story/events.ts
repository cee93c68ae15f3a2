import { describeOrigin, outcomeOf, type Outcome } from '../../lib/api/describe';
import type { Exchange } from '../../lib/api/exchanges';
import { splitLatency, type Split } from './latency';

/** A read of the coin: the `number`th since its story was opened. */
export interface Read {
  kind: 'read';
  number: number;
  at: number;
  outcome: Outcome | 'missing' | 'failed';
  text: string;
  split: Split | null;
}

/** What happened to the coin in its story. */
export type StoryEvent = Read | { kind: 'evicted'; number: number; at: number };

const KEPT = 40;

/** The events, newest first, with what `exchange` was for the coin at `path`; the same where it was nothing. */
export function withExchange(
  events: readonly StoryEvent[],
  exchange: Exchange,
  path: string,
): readonly StoryEvent[] {
  const event = eventOf(exchange, path, events);
  return event === null ? events : [event, ...events.slice(0, KEPT - 1)];
}

function eventOf(exchange: Exchange, path: string, before: readonly StoryEvent[]): StoryEvent | null {
  const { method, status, at } = exchange;
  const reads = before.find(({ kind }) => kind === 'read')?.number ?? 0;
  if (method === 'GET' && exchange.path === path)
    return { kind: 'read', number: reads + 1, at, ...told(exchange) };
  const isEviction = method === 'DELETE' && exchange.path === `/cache${path}` && status === 200;
  return isEviction ? { kind: 'evicted', number: reads, at } : null;
}

function told({ origin, status }: Exchange): Pick<Read, 'outcome' | 'text' | 'split'> {
  if (status === null) return { outcome: 'failed', text: 'No answer', split: null };
  const split = splitLatency(origin);
  if (status === 404) return { outcome: 'missing', text: describeOrigin(origin).text, split };
  if (status >= 400) return { outcome: 'failed', text: `Failed with status ${status}`, split };
  return { outcome: outcomeOf(origin), text: describeOrigin(origin).text, split };
}

/** What an outcome means, in a sentence for someone who has never seen a cache. */
export const EXPLANATIONS: Record<Read['outcome'], string> = {
  hit: 'Redis had it: PostgreSQL was not asked.',
  miss: 'Redis did not have it: PostgreSQL answered, and Redis keeps the answer for the next read.',
  bypass: 'Redis could not be used: PostgreSQL answered, and nothing was kept.',
  missing: 'Neither has it: there is nothing to keep in Redis.',
  unknown: 'The answer does not say where it came from.',
  failed: 'Nothing was read, so nothing is known of the cache.',
};

export const EVICTED = 'Evicted: the next read is a MISS, and fills the cache again.';
