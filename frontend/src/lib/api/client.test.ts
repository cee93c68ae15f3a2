import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { createFakeApi, problem } from '../../testing/fakeApi';
import { server } from '../../testing/server';
import { createApiClient } from './client';
import { ApiError } from './errors';
import { ExchangeLog } from './exchanges';

const log = new ExchangeLog();
const client = createApiClient(log.record);
const { signal } = new AbortController();

/** What a request for one page of the ranking fails with. */
async function failure(): Promise<ApiError> {
  const error: unknown = await client.ranking(100, 0, signal).catch((reason: unknown) => reason);
  if (error instanceof ApiError) return error;
  throw new Error('The request did not fail with an ApiError', { cause: error });
}

describe('an answer', () => {
  it('tells where it came from', async () => {
    server.use(...createFakeApi({ BTC: 43000 }).handlers);
    const { data, origin } = await client.ranking(100, 0, signal);
    expect(data.items).toMatchObject([{ rank: 1, symbol: 'BTC', price: 43000 }]);
    expect(origin.cache).toMatchObject({ cache: 'redis', hit: true, ttl: 2460 });
    expect(origin.timings).toContainEqual({ name: 'redis', durationMs: 0.4 });
    expect(origin.roundTripMs).toBeGreaterThan(0);
  });

  it('to a write is the coin as it is now', async () => {
    server.use(...createFakeApi({ BTC: 43000 }).handlers);
    const { data } = await client.setPrice('BTC', 44000, { version: 1 });
    expect(data).toMatchObject({ price: 44000, version: 2 });
  });

  it('without headers has no known source', async () => {
    server.use(http.get('*/api/v1/cache', () => HttpResponse.json({})));
    const { origin } = await client.cacheReport(signal);
    expect(origin).toMatchObject({ cache: null, timings: [] });
  });
});

describe('an error', () => {
  const answer = (respond: () => Response) => {
    server.use(http.get('*/api/v1/bitcoins', respond));
  };

  it("says the problem's detail and names the fields", async () => {
    const errors = [{ field: 'limit', message: 'At most 1000' }];
    answer(() => problem(400, 'Bad Request', 'The limit is too high.', errors));
    expect(await failure()).toMatchObject({ message: 'The limit is too high.', status: 400, fields: errors });
  });

  it.each([
    [502, /not running/],
    [503, /busy/],
    [504, /too long/],
    [418, /status 418/],
  ])('of a proxy with status %i is said in words', async (status, message) => {
    answer(() => HttpResponse.html('<h1>Sorry</h1>', { status }));
    const error = await failure();
    expect(error.status).toBe(status);
    expect(error.message).toMatch(message);
  });

  it.each([
    ['7', 7],
    ['soon', null],
  ])('tells how long to wait where the API does: %s', async (header, retryAfter) => {
    answer(() => new HttpResponse(null, { status: 503, headers: { 'Retry-After': header } }));
    expect(await failure()).toMatchObject({ status: 503, retryAfter });
  });

  it('without an answer says so', async () => {
    answer(() => HttpResponse.error());
    const error = await failure();
    expect(error.status).toBeNull();
    expect(error.message).toMatch(/cannot be reached/);
  });

  it('is also a page that answers in the place of the API', async () => {
    answer(() => HttpResponse.html('<h1>Welcome</h1>'));
    expect((await failure()).message).toMatch(/other than the API/);
    expect(log.entries().at(-1)).toMatchObject({ status: null, origin: { cache: null } });
  });

  it('is such a page in answer to a deletion, too', async () => {
    server.use(http.delete('*/api/v1/bitcoins/BTC', () => HttpResponse.html('<h1>Welcome</h1>')));
    await expect(client.deleteBitcoin('BTC', { version: 1 })).rejects.toThrow(/other than the API/);
  });

  it('is not what a cancelled request gives', async () => {
    server.use(...createFakeApi({}).handlers);
    await expect(client.ranking(100, 0, AbortSignal.abort())).rejects.not.toBeInstanceOf(ApiError);
  });
});
