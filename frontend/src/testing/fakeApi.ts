import { http, HttpResponse, type HttpHandler } from 'msw';

import type { Bitcoin, CacheReport, NewBitcoin, Problem } from '../lib/api/types';
import { BYPASS, FakeCoins } from './fakeCoins';

/** The API over coins in memory: what the page's tests run against, in jsdom and in a browser. */
export interface FakeApi {
  coins: FakeCoins;
  /** What GET /cache answers besides its counts; a test may change it. */
  report: Omit<CacheReport, 'hits' | 'misses' | 'hit_rate'>;
  handlers: HttpHandler[];
}

interface Named {
  symbol: string;
}

const CACHED_PAGE = 100;

/** An API that holds one coin for each entry of `prices`, all of them cached. */
export function createFakeApi(prices: Record<string, number>): FakeApi {
  const coins = new FakeCoins();
  for (const [symbol, price] of Object.entries(prices)) coins.set(symbol, price);
  coins.cached.add('ranking');
  coins.hits = 980;
  coins.misses = 20;
  const api: FakeApi = {
    coins,
    report: {
      status: 'available',
      keys: coins.size + 1,
      last_primed_at: new Date().toISOString(),
      last_primed_keys: coins.size,
      controls: true,
    },
    handlers: [...readingHandlers(coins), ...writingHandlers(coins)],
  };
  api.handlers.push(...cacheHandlers(api));
  return api;
}

function readingHandlers(coins: FakeCoins): HttpHandler[] {
  return [
    http.get('*/api/v1/bitcoins', ({ request }) => {
      const { searchParams } = new URL(request.url);
      const [limit, offset] = [Number(searchParams.get('limit')), Number(searchParams.get('offset'))];
      const isCached = limit === CACHED_PAGE && offset === 0;
      const headers = isCached ? coins.readThrough('ranking') : BYPASS;
      return HttpResponse.json(coins.page(limit, offset), { headers });
    }),
    http.get<Named>('*/api/v1/bitcoins/:symbol', ({ params }) => {
      const coin = coins.get(params.symbol);
      if (coin === undefined) return missing(params.symbol, coins.readInVain());
      return answer(coin, 200, coins.readThrough(coin.symbol));
    }),
    http.get<Named>('*/api/v1/bitcoins/:symbol/rank', ({ params: { symbol } }) => {
      const found = coins.ranked().find((coin) => coin.symbol === symbol);
      if (found === undefined) return missing(symbol);
      const { price, rank } = found;
      return HttpResponse.json({ symbol, price, rank, total: coins.size }, { headers: BYPASS });
    }),
  ];
}

function writingHandlers(coins: FakeCoins): HttpHandler[] {
  return [
    http.post<never, NewBitcoin>('*/api/v1/bitcoins', async ({ request }) => {
      const { symbol, price } = await request.json();
      if (coins.has(symbol)) {
        return problem(409, 'Conflict', `${symbol} exists already; change its price with PUT.`);
      }
      return answer(coins.set(symbol, price), 201);
    }),
    http.put<Named, { price: number }>('*/api/v1/bitcoins/:symbol', async ({ params, request }) => {
      if (isRefused(request, coins.get(params.symbol))) return changedMeanwhile(params.symbol);
      return answer(coins.set(params.symbol, (await request.json()).price));
    }),
    http.delete<Named>('*/api/v1/bitcoins/:symbol', ({ params, request }) => {
      if (isRefused(request, coins.get(params.symbol))) return changedMeanwhile(params.symbol);
      return coins.delete(params.symbol) ? new HttpResponse(null, { status: 204 }) : missing(params.symbol);
    }),
  ];
}

function cacheHandlers(api: FakeApi): HttpHandler[] {
  const { coins } = api;
  return [
    http.get('*/api/v1/cache', () => {
      const { hits, misses } = coins;
      return HttpResponse.json({ ...api.report, hits, misses, hit_rate: hits / (hits + misses) });
    }),
    http.delete<Named>('*/api/v1/cache/bitcoins/:symbol', ({ params: { symbol } }) =>
      HttpResponse.json({ symbol, evicted: coins.cached.delete(symbol) }),
    ),
    http.post('*/api/v1/cache/priming', () => {
      for (const { symbol } of coins.ranked()) coins.cached.add(symbol);
      coins.cached.add('ranking');
      Object.assign(api.report, { last_primed_at: new Date().toISOString(), last_primed_keys: coins.size });
      return HttpResponse.json({ began: true }, { status: 202 });
    }),
  ];
}

/** An answer as RFC 9457 problem details. */
export function problem(
  status: number,
  title: string,
  detail: string,
  errors: Problem['errors'] = null,
  headers: Record<string, string> = {},
) {
  const body: Problem = { type: 'about:blank', title, status, detail, instance: null, errors };
  const type = { 'Content-Type': 'application/problem+json' };
  return HttpResponse.json(body, { status, headers: { ...headers, ...type } });
}

function answer(coin: Bitcoin, status = 200, headers: Record<string, string> = {}) {
  return HttpResponse.json(coin, { status, headers: { ...headers, ETag: `"v${coin.version}"` } });
}

function isRefused({ headers }: Request, coin: Bitcoin | undefined): boolean {
  const wanted = headers.get('If-Match');
  if (wanted !== null && wanted !== `"v${coin?.version ?? ''}"`) return true;
  return headers.has('If-None-Match') && coin !== undefined;
}

const changedMeanwhile = (symbol: string) =>
  problem(412, 'Precondition Failed', `${symbol} is not of the version that If-Match names; read it again.`);

const missing = (symbol: string, headers: Record<string, string> = {}) =>
  problem(404, 'Not Found', `There is no coin ${symbol}.`, null, headers);
