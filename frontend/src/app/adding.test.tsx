import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { hear, holdWrites, loadedRows, renderApp, serve } from '../testing/page';
import { server } from '../testing/server';

const symbolField = () => screen.getByLabelText<HTMLInputElement>('Symbol');
const priceField = () => screen.getByLabelText<HTMLInputElement>('Price');
const addButton = () => screen.getByRole('button', { name: 'Add coin' });

/** The page on the coins of `prices`, with a coin typed into the form. */
async function typed(symbol: string, price: string, prices: Record<string, number> = {}) {
  const api = serve(prices);
  const user = renderApp();
  await user.type(symbolField(), symbol);
  await user.type(priceField(), price);
  return { api, user };
}

describe('adding', () => {
  it('ranks the coin, says so and is ready for the next', async () => {
    const { api, user } = await typed('eth', '50000', { BTC: 43000 });
    await user.keyboard('{Enter}');
    await hear('Added ETH at 50,000.');
    expect(await loadedRows()).toEqual([
      expect.stringMatching(/^1ETH50,000/),
      expect.stringMatching(/^2BTC/),
    ]);
    expect(api.coins.get('ETH')?.price).toBe(50000);
    expect(document.activeElement).toBe(symbolField());
    expect(symbolField().getAttribute('aria-invalid')).toBe('false');
    expect(priceField().getAttribute('aria-invalid')).toBe('false');
  });

  it('is ready for the next before the API has answered', async () => {
    const { api, user } = await typed('ETH', '1');
    const { release } = holdWrites();
    await user.keyboard('{Enter}');
    expect([symbolField().value, priceField().value]).toEqual(['', '']);
    await user.keyboard('SOL{Tab}2{Enter}');
    release();
    await hear('Added SOL at 2.');
    expect(api.coins.ranked()).toMatchObject([{ symbol: 'SOL' }, { symbol: 'ETH' }]);
  });

  it('happens once, however fast one clicks', async () => {
    const { user } = await typed('ETH', '1');
    const { sent, release } = holdWrites();
    await user.dblClick(addButton());
    release();
    await hear('Added ETH at 1.');
    expect(sent).toEqual(['POST']);
    expect(screen.queryByText(/^Type a/)).toBeNull();
  });

  it("shows the API's objection at its field, and what was typed", async () => {
    const { user } = await typed('BTC', '1');
    const objection = [{ field: 'price', message: 'No such price today' }];
    server.use(
      http.post('*/api/v1/bitcoins', () => problem(422, 'Unprocessable', 'The body is wrong.', objection)),
    );
    await user.keyboard('{Enter}');
    expect(await screen.findByText('No such price today')).toBeTruthy();
    await hear('BTC was not added: The body is wrong.');
    expect([symbolField().value, priceField().value]).toEqual(['BTC', '1']);
    expect(document.activeElement).toBe(priceField());
    await user.type(priceField(), '2');
    expect(screen.queryByText('No such price today')).toBeNull();
  });

  it('that fails while the next is typed gives back on request what was typed before', async () => {
    const { user } = await typed('ETH', '1');
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const failing = http.post('*/api/v1/bitcoins', async () => {
      await answered;
      return HttpResponse.error();
    });
    server.use(failing);
    await user.keyboard('{Enter}SOL');
    answer();
    const again = await screen.findByRole('button', { name: 'Edit again' });
    expect(symbolField().value).toBe('SOL');
    await user.click(again);
    expect([symbolField().value, priceField().value]).toEqual(['ETH', '1']);
    expect(document.activeElement).toBe(symbolField());
  });
});

describe('a new coin', () => {
  it('is refused before asking the API, at the first field that is wrong', async () => {
    const { api, user } = await typed('ETH', '1.5');
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(priceField());
    await user.type(symbolField(), '!');
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(symbolField());
    expect(api.coins.size).toBe(0);
  });

  it('is checked as it is typed', async () => {
    const { user } = await typed('BT-', '1.');
    expect(symbolField().getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Use letters and digits only, such as BTC.')).toBeTruthy();
    expect(screen.getByText('Use a whole number, such as 43000.')).toBeTruthy();
    await user.clear(priceField());
    await user.type(priceField(), '2147483648');
    expect(screen.getByText('Use at most 2147483647.')).toBeTruthy();
    await user.keyboard('{Backspace}');
    expect(screen.queryByText('Use at most 2147483647.')).toBeNull();
  });

  it('is called incomplete only on leaving what was filled, or on adding', async () => {
    serve({});
    const user = renderApp();
    await user.type(symbolField(), 'B{Backspace}');
    expect(screen.queryByText(/^Type a/)).toBeNull();
    await user.keyboard('{Enter}');
    expect(screen.getByText('Type a symbol, such as BTC.')).toBeTruthy();
    expect(screen.getByText('Type a price, such as 43000.')).toBeTruthy();
  });

  it('keeps the caret where one types, for its letters are made upper-case only to look at', async () => {
    const { user } = await typed('bc', '1');
    await user.type(symbolField(), 't', { initialSelectionStart: 1, initialSelectionEnd: 1 });
    expect(symbolField().value).toBe('btc');
    expect(symbolField().selectionStart).toBe(2);
  });
});
