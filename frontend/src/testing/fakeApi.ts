import { http, HttpResponse, type HttpHandler } from 'msw';

import type { Bitcoin, CacheReport, NewBitcoin, Problem, Ranking } from '../lib/api/types';

/** The API over coins in memory: what the page's tests run against, in jsdom and in a browser. */
export interface FakeApi {
  coins: Map<string, Bitcoin>;
  /** What GET /cache answers; a test may change it. */
  report: CacheReport;
  handlers: HttpHandler[];
}

const CACHE_HIT = { 'Cache-Status': 'redis; hit; ttl=2460', 'Server-Timing': 'redis;dur=0.4, total;dur=3' };

/** An API that holds one coin for each entry of `prices`. */
export function createFakeApi(prices: Record<string, number>): FakeApi {
  const coins = new Map(
    Object.entries(prices).map(([symbol, price]) => [symbol, newCoin({ symbol, price })]),
  );
  const api: FakeApi = {
    coins,
    report: {
      status: 'available',
      hits: 981,
      misses: 19,
      hit_rate: 0.981,
      keys: coins.size + 1,
      last_primed_at: new Date().toISOString(),
      last_primed_keys: coins.size,
    },
    handlers: [
      http.get('*/api/v1/bitcoins', ({ request }) => {
        const { searchParams } = new URL(request.url);
        const page = ranked(coins, Number(searchParams.get('limit')), Number(searchParams.get('offset')));
        return HttpResponse.json(page, { headers: CACHE_HIT });
      }),
      http.post<never, NewBitcoin>('*/api/v1/bitcoins', async ({ request }) => {
        const coin = newCoin(await request.json());
        if (coins.has(coin.symbol)) return problem(409, 'Conflict', `${coin.symbol} exists already.`);
        coins.set(coin.symbol, coin);
        return HttpResponse.json(coin, { status: 201 });
      }),
      http.put<{ symbol: string }, { price: number }>(
        '*/api/v1/bitcoins/:symbol',
        async ({ params, request }) => {
          const old = coins.get(params.symbol) ?? newCoin({ symbol: params.symbol, price: 0 });
          const coin = { ...old, ...(await request.json()), version: old.version + 1 };
          coins.set(coin.symbol, coin);
          return HttpResponse.json(coin, { headers: { ETag: `"v${coin.version}"` } });
        },
      ),
      http.delete<{ symbol: string }>('*/api/v1/bitcoins/:symbol', ({ params }) =>
        coins.delete(params.symbol)
          ? new HttpResponse(null, { status: 204 })
          : problem(404, 'Not Found', `There is no coin ${params.symbol}.`),
      ),
      http.get('*/api/v1/cache', () => HttpResponse.json(api.report)),
    ],
  };
  return api;
}

/** An answer as RFC 9457 problem details. */
export function problem(status: number, title: string, detail: string, errors: Problem['errors'] = null) {
  const body: Problem = { type: 'about:blank', title, status, detail, instance: null, errors };
  return HttpResponse.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}

function newCoin({ symbol, price }: NewBitcoin): Bitcoin {
  const now = new Date().toISOString();
  return { symbol, price, created_at: now, updated_at: now, version: 1 };
}

function ranked(coins: Map<string, Bitcoin>, limit: number, offset: number): Ranking {
  const all = [...coins.values()]
    .sort((a, b) => b.price - a.price || (a.symbol < b.symbol ? -1 : 1))
    .map((coin, index) => ({ ...coin, rank: index + 1 }));
  return { items: all.slice(offset, offset + limit), total: all.length, limit, offset };
}
