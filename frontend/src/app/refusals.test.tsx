import { act, screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { problem } from '../testing/fakeApi';
import { hear, holdWrites, renderApp, row, serve } from '../testing/page';
import { server } from '../testing/server';

const NOTICE = 'Writes are refused for now';
const field = () => screen.getByLabelText<HTMLInputElement>('New price of ETH');
const symbolField = () => screen.getByLabelText<HTMLInputElement>('Symbol');

const controls = () =>
  [/^Add coin$/, /edit the price of BTC/, /^Save the price of ETH$/, /^Delete ETH$/].map((name) =>
    screen.getByRole('button', { name }),
  );

/** Reads go on; writes are answered with `status` as long as `refuses`. */
function refuseWrites(status: number) {
  const api = { refuses: true, asked: 0 };
  const refusing = http.all(/\/api\/v1\/bitcoins/, ({ request: { method } }) => {
    if (method === 'GET' || !api.refuses) return undefined;
    api.asked += 1;
    return problem(status, 'Refused', 'Writes are paused; nothing was changed.');
  });
  server.use(refusing);
  return api;
}

/** An edit was refused. */
async function refused(status = 503) {
  const coins = serve({ BTC: 43000, ETH: 2300 }).coins;
  const api = refuseWrites(status);
  const user = renderApp();
  await user.click(await screen.findByRole('button', { name: /edit the price of ETH/ }));
  await user.keyboard('50000{Enter}');
  await screen.findByText(NOTICE);
  return { api, coins, user };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('where writes are refused', () => {
  it.each([403, 405, 503])('the page says so, in the words of the API: %i', async (status) => {
    await refused(status);
    await hear('ETH stays at 2,300: Writes are paused; nothing was changed.');
    expect(
      screen.getByText(/^Writes are paused; nothing was changed\. What you typed is kept\.$/),
    ).toBeTruthy();
  });

  it('editing is off, with the reason, and still in its place', async () => {
    const { api, user } = await refused();
    for (const control of controls()) {
      expect(control.getAttribute('aria-disabled')).toBe('true');
      const reason = document.getElementById(control.getAttribute('aria-describedby') ?? '');
      expect(reason?.textContent).toBe('Writes are refused for now.');
    }
    await user.click(screen.getByRole('button', { name: 'Delete ETH' }));
    await hear('Writes are refused for now.');
    expect(api.asked).toBe(1);
  });

  it('what was typed stays in its field, whatever one tries meanwhile', async () => {
    const { user } = await refused();
    expect(document.activeElement).toBe(field());
    await user.click(screen.getByRole('button', { name: 'Delete BTC' }));
    await hear('Writes are refused for now.');
    expect(field().value).toBe('50000');
  });

  it('what was typed is back without taking the focus from where one went on', async () => {
    serve({ BTC: 43000, ETH: 2300 });
    refuseWrites(503);
    const { release } = holdWrites();
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: /edit the price of ETH/ }));
    await user.keyboard('50000{Enter}');
    await user.click(symbolField());
    release();
    await screen.findByText(NOTICE);
    expect(field().value).toBe('50000');
    expect(document.activeElement).toBe(symbolField());
  });

  it('what was typed before is on offer beside what is being typed now', async () => {
    serve({ BTC: 43000, ETH: 2300 });
    refuseWrites(503);
    const { release } = holdWrites();
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: /edit the price of ETH/ }));
    await user.keyboard('50000{Enter}');
    await user.click(row('ETH').getByRole('button', { name: /edit the price/ }));
    await user.keyboard('60000');
    release();
    await user.click(await screen.findByRole('button', { name: 'Edit again' }));
    expect(field().value).toBe('50000');
  });

  it('what was typed is saved as soon as it can be', async () => {
    const { api, coins, user } = await refused();
    await user.keyboard('{Enter}');
    expect(api.asked).toBe(1);
    api.refuses = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.queryByText(NOTICE)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Save the price of ETH' }));
    await hear('ETH is now at 50,000.');
    expect(coins.get('ETH')?.price).toBe(50000);
  });

  it('a new coin is back in the form', async () => {
    serve({});
    const api = refuseWrites(503);
    const user = renderApp();
    await user.type(symbolField(), 'ETH');
    await user.type(screen.getByLabelText('Price'), '1{Enter}');
    await hear('ETH was not added: Writes are paused; nothing was changed.');
    expect(symbolField().value).toBe('ETH');
    await user.keyboard('{Enter}');
    expect(api.asked).toBe(1);
    expect(symbolField().value).toBe('ETH');
  });

  it('trying again leaves the focus where it was before', async () => {
    const { user } = await refused();
    symbolField().focus();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    for (const control of controls()) expect(control.getAttribute('aria-disabled')).toBe('false');
    expect(document.activeElement).toBe(symbolField());
  });

  it('the state ends by itself', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    serve({ ETH: 2300 });
    const busy = () => new HttpResponse(null, { status: 503, headers: { 'Retry-After': '1' } });
    server.use(http.delete('*/api/v1/bitcoins/ETH', busy));
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Delete ETH' }));
    await screen.findByText(NOTICE);
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(screen.queryByText(NOTICE)).toBeNull();
  });
});
