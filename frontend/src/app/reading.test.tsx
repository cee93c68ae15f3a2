import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { listed, loadedRows, renderApp, rows, serve } from '../testing/page';
import { server } from '../testing/server';

const manyCoins = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`C${index}`, 1000 - index]));

describe('the ranking', () => {
  it('shows the coins by price, highest first', async () => {
    serve({ ETH: 2300, BTC: 43000 });
    renderApp();
    expect(await loadedRows()).toEqual([
      expect.stringMatching(/^1BTC43,000/),
      expect.stringMatching(/^2ETH2,300/),
    ]);
  });

  it('holds its place until the first answer', async () => {
    serve({ BTC: 43000 });
    renderApp();
    expect(screen.getByText('Loading the ranking…')).toBeTruthy();
    await screen.findByRole('table');
    expect(screen.queryByText('Loading the ranking…')).toBeNull();
  });

  it('says how to begin where there is no coin', async () => {
    serve({});
    renderApp();
    expect(await screen.findByText('No coins yet')).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('lists all coins, and holds those on the screen alone in the document', async () => {
    serve(manyCoins(2500));
    renderApp();
    await screen.findByRole('table');
    await waitFor(() => {
      expect(listed()).toBe(2500);
    });
    expect(screen.getByText('2,500 coins')).toBeTruthy();
    expect(rows().length).toBeLessThan(50);
  });

  it('follows what others write', async () => {
    const api = serve({ BTC: 43000 });
    renderApp({ pollInterval: 20 });
    await screen.findByRole('table');
    api.coins.delete('BTC');
    expect(await screen.findByText('No coins yet')).toBeTruthy();
  });

  it('says what failed and tries again on request', async () => {
    serve({ BTC: 43000 });
    server.use(http.get('*/api/v1/bitcoins', () => new HttpResponse(null, { status: 502 }), { once: true }));
    const user = renderApp();
    expect(await screen.findByText('The ranking could not be loaded')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await loadedRows()).toHaveLength(1);
    expect(screen.queryByText('The ranking could not be loaded')).toBeNull();
  });

  it('keeps the last prices, with their time, while updating fails, and recovers alone', async () => {
    serve({ BTC: 43000 });
    renderApp({ pollInterval: 20 });
    await screen.findByRole('table');
    const broken = http.get('*/api/v1/bitcoins', () => new HttpResponse(null, { status: 502 }));
    server.use(broken);
    expect(await screen.findByText(/^Prices as of .*: updating them fails$/)).toBeTruthy();
    expect(rows()).toHaveLength(1);
    expect(screen.queryByText(/^Redis HIT · /)).toBeNull();
    serve({ BTC: 43000 });
    await waitFor(() => {
      expect(screen.queryByText(/updating them fails/)).toBeNull();
    });
  });
});
