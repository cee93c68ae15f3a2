import { delay, getResponse, http, HttpResponse, type HttpHandler } from 'msw';

import coins from '../../../examples/coins.csv?raw';
import type { NewBitcoin } from '../lib/api/types';
import { createFakeApi, problem, type FakeApi } from './fakeApi';
import { BYPASS } from './fakeCoins';

// Not all of /api: the development server has the page's modules below /src/lib/api.
const ANY = '*/api/v1/*';
const COINS = '*/api/v1/bitcoins';
const COIN = '*/api/v1/bitcoins/:symbol';
const SLOWLY_MS = 2000;

/** Which coins there are. */
const worlds = {
  /** The hundred of the example. */
  normal: () => Object.fromEntries(coins.trim().split(/\s+/).slice(1).map(entry)),
  empty: () => ({}),
  many: () =>
    Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [symbolOf(index), priceOf(index)])),
} satisfies Record<string, () => Record<string, number>>;

/** What is the matter with the API. */
const troubles = {
  /** Nothing, but that some prices change before each look at them. */
  lively: ({ coins }) => [
    http.get(COINS, () => {
      const ranked = coins.ranked();
      for (const { symbol, price } of ranked.filter(() => Math.random() < 0.1)) {
        coins.set(symbol, Math.round(price * (0.9 + Math.random() / 5)));
      }
    }),
  ],
  failing: () => [http.all(ANY, () => problem(503, 'Service Unavailable', 'PostgreSQL is not available.'))],
  slow: () => [http.all(ANY, () => delay(SLOWLY_MS))],
  /** No answer ever comes. */
  loading: () => [http.all(ANY, () => delay('infinite'))],
  unreachable: () => [http.all(ANY, () => HttpResponse.error())],
  'read-only': () => [
    http.all(`${COINS}*`, ({ request }) =>
      request.method === 'GET'
        ? undefined
        : problem(503, 'Service Unavailable', 'Writes are refused for now.'),
    ),
  ],
  /** Someone else is always a moment faster to write. */
  conflict: ({ coins }) => {
    const interfere = (symbol: string) => coins.set(symbol, (coins.get(symbol)?.price ?? 0) + 1);
    return [
      http.post<never, NewBitcoin>(COINS, async ({ request }) => {
        interfere((await request.clone().json()).symbol);
      }),
      http.put<{ symbol: string }>(COIN, ({ params }) => void interfere(params.symbol)),
      http.delete<{ symbol: string }>(COIN, ({ params }) => void interfere(params.symbol)),
    ];
  },
  'redis-away': ({ report, handlers }) => [
    http.get('*/api/v1/cache', () => {
      const nothing = { hits: 0, misses: 0, hit_rate: null, keys: null };
      return HttpResponse.json({ ...report, ...nothing, status: 'unavailable', last_primed_at: null });
    }),
    http.get(ANY, async ({ request }) => {
      const response = await getResponse(handlers, request);
      Object.entries(BYPASS).forEach(([name, value]) => response?.headers.set(name, value));
      return response;
    }),
  ],
} satisfies Record<string, (api: FakeApi) => HttpHandler[]>;

export type Scenario = keyof typeof worlds | keyof typeof troubles;

export const isScenario = (name: string): name is Scenario => isWorld(name) || name in troubles;

const isWorld = (name: string): name is keyof typeof worlds => name in worlds;

/** A fake API, and what may be the matter with it; its coins stay while only the trouble changes. */
export class Scenarios {
  #world: keyof typeof worlds = 'normal';
  #api = createFakeApi(worlds.normal());

  /** How the API answers from now on. A browser without a network gets no answer, as if there were one to ask. */
  handlers(scenario: Scenario): HttpHandler[] {
    if (isWorld(scenario) && scenario !== this.#world) {
      this.#world = scenario;
      this.#api = createFakeApi(worlds[scenario]());
    }
    const trouble = isWorld(scenario) ? [] : troubles[scenario](this.#api);
    return [whileOffline, ...trouble, ...this.#api.handlers];
  }
}

/** What the page is told of its deployment. */
export const configHandler = (pollInterval: number): HttpHandler =>
  http.get('*/config.json', () => HttpResponse.json({ pollInterval }));

const whileOffline = http.all(ANY, () => (navigator.onLine ? undefined : HttpResponse.error()));

function entry(line: string): [string, number] {
  const [symbol = '', price] = line.split(',');
  return [symbol, Number(price)];
}

const symbolOf = (index: number) => `C${String(index).padStart(5, '0')}`;

/** Scattered over the range, the same each time: the order of prices is not that of symbols. */
const priceOf = (index: number) => (index * 7919) % 1_000_003;
