import { latencyMs, outcomeOf, type Outcome } from '../../lib/api/describe';
import type { Exchange } from '../../lib/api/exchanges';
import { formatSpan } from '../../lib/format';
import { describeRequest } from './requests';

/** What an answer is to the cache: `write` is what it is told of afterwards, `failed` no answer, or a refusal. */
export type Kind = Outcome | 'write' | 'failed';

/** One answer as the page shows it. */
export interface Answer {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  asked: string;
  kind: Kind;
  ms: number;
  /** Seconds that it stayed in Redis from `at` on, or null where that isn't known. */
  ttl: number | null;
}

export const SHOWN = 40;

/** The last answers about coins, oldest first. What is asked of the cache itself is left out: no cache answers that. */
export function answersOf(exchanges: readonly Exchange[]): Answer[] {
  return exchanges
    .filter(({ path }) => !/^\/cache\b/.test(path))
    .slice(-SHOWN)
    .map((exchange) => ({
      id: exchange.id,
      at: exchange.at,
      asked: describeRequest(exchange.method, exchange.path),
      kind: kindOf(exchange),
      ms: latencyMs(exchange.origin),
      ttl: exchange.origin.cache?.ttl ?? null,
    }));
}

function kindOf({ origin, status, method }: Exchange): Kind {
  const outcome = outcomeOf(origin);
  if (outcome !== 'unknown') return outcome;
  if (status === null || status >= 400) return 'failed';
  return method === 'GET' ? 'unknown' : 'write';
}

/** How many answers there are of each kind, in the order of a legend. */
export function countKinds(answers: readonly Answer[]): [Kind, number][] {
  const kinds: Kind[] = ['hit', 'miss', 'bypass', 'unknown', 'write', 'failed'];
  return kinds.map((kind) => [kind, answers.filter((answer) => answer.kind === kind).length]);
}

const [LOWEST_MS, HIGHEST_MS] = [0.1, 1000];

/** How high a bar for `ms` is, 0 to 1 from a tenth of a millisecond to a second: every tenfold is as much higher. */
export function heightOf(ms: number): number {
  const kept = Math.min(Math.max(ms, LOWEST_MS), HIGHEST_MS);
  return Math.log10(kept / LOWEST_MS) / Math.log10(HIGHEST_MS / LOWEST_MS);
}

/** How long an answer stays cached, seen from `now`; null where it was not. */
export function timeLeft({ at, ttl }: Answer, now: number): string | null {
  if (ttl === null) return null;
  const seconds = ttl - Math.max(0, now - at) / 1000;
  return seconds > 0 ? `${formatSpan(seconds)} left` : 'expired';
}
