/** What a cache says it did with a request: one member of a `Cache-Status` header (RFC 9211). */
export interface CacheStatus {
  cache: string;
  hit: boolean;
  /** Why the request went on to the origin (`uri-miss`, `bypass`), or null for a hit. */
  fwd: string | null;
  stored: boolean;
  /** Seconds that the answer stays fresh, or null where the cache doesn't say. */
  ttl: number | null;
}

/** One metric of a `Server-Timing` header. */
export interface ServerTiming {
  name: string;
  durationMs: number | null;
}

/** The caches that a `Cache-Status` header names, the one nearest to the origin first. */
export function parseCacheStatus(header: string): CacheStatus[] {
  return members(header).map(({ name, params }) => ({
    cache: name,
    hit: params.has('hit'),
    fwd: params.get('fwd') ?? null,
    stored: params.has('stored'),
    ttl: finiteNumber(params.get('ttl')),
  }));
}

/** The metrics of a `Server-Timing` header, in its order. */
export function parseServerTiming(header: string): ServerTiming[] {
  return members(header).map(({ name, params }) => ({ name, durationMs: finiteNumber(params.get('dur')) }));
}

interface Member {
  name: string;
  params: Map<string, string>;
}

function members(header: string): Member[] {
  return split(header, ',')
    .map((text) => split(text, ';'))
    .flatMap(([name, ...params]) =>
      name === undefined ? [] : [{ name: unquote(name), params: new Map(params.map(parameter)) }],
    );
}

function parameter(text: string): [string, string] {
  const [key = '', ...value] = text.split('=');
  return [key.trim().toLowerCase(), unquote(value.join('='))];
}

/** The non-empty parts of `text`; a separator inside a quoted string doesn't separate. */
function split(text: string, separator: ',' | ';'): string[] {
  const part = separator === ',' ? /(?:"(?:\\.|[^"\\])*"|[^,"])+/g : /(?:"(?:\\.|[^"\\])*"|[^;"])+/g;
  return (text.match(part) ?? []).map((found) => found.trim()).filter((found) => found !== '');
}

function unquote(text: string): string {
  const quoted = /^"(.*)"$/.exec(text.trim());
  return quoted?.[1]?.replace(/\\(.)/g, '$1') ?? text.trim();
}

function finiteNumber(text: string | undefined): number | null {
  const number = text === undefined || text === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
