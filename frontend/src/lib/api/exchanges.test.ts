import { expect, it, vi } from 'vitest';

import { ExchangeLog, type Exchange } from './exchanges';

const EXCHANGE: Omit<Exchange, 'id'> = {
  method: 'GET',
  path: '/bitcoins/BTC',
  at: 0,
  status: 200,
  origin: { cache: null, timings: [], roundTripMs: 1 },
};

it('keeps the last exchanges, counts them all and tells who listens', () => {
  const log = new ExchangeLog();
  const listener = vi.fn();
  const leave = log.subscribe(listener);
  for (let count = 0; count < 200; count += 1) log.record(EXCHANGE);
  expect(listener).toHaveBeenCalledTimes(200);
  expect(log.entries()).toHaveLength(120);
  expect(log.entries().at(-1)?.id).toBe(200);
  expect(log.entries()).toBe(log.entries());
  leave();
  log.record(EXCHANGE);
  expect(listener).toHaveBeenCalledTimes(200);
});
