import { parseCacheStatus, parseServerTiming, type CacheStatus, type ServerTiming } from './headers';

/** Where an answer came from and how long it took. */
export interface Origin {
  /** What the cache said, or null where the answer carries no `Cache-Status`. */
  cache: CacheStatus | null;
  timings: ServerTiming[];
  /** From the request's start to the whole answer, seen from the browser. */
  roundTripMs: number;
}

/** The origin that an answer's headers tell; `header` gives one by its lower-case name, or an empty string. */
export function originOf(header: (name: string) => string, roundTripMs: number): Origin {
  return {
    cache: parseCacheStatus(header('cache-status'))[0] ?? null,
    timings: parseServerTiming(header('server-timing')),
    roundTripMs,
  };
}
