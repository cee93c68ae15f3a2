import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { announced, loadedRows, renderApp, rows, serve } from '../testing/page';
import { server } from '../testing/server';

describe('adding', () => {
  it('ranks the coin, says so and is ready for the next', async () => {
    const api = serve({ BTC: 43000 });
    const user = renderApp();
    await user.type(screen.getByLabelText('Symbol'), 'eth');
    await user.type(screen.getByLabelText('Price'), '50000{Enter}');
    await waitFor(() => {
      expect(announced()).toBe('Added ETH at 50,000.');
    });
    expect(await loadedRows()).toEqual([
      expect.stringMatching(/^1ETH50,000/),
      expect.stringMatching(/^2BTC/),
    ]);
    expect(api.coins.get('ETH')?.price).toBe(50000);
    expect(document.activeElement).toBe(screen.getByLabelText('Symbol'));
    expect(screen.getByLabelText('Symbol').getAttribute('aria-invalid')).toBe('false');
    expect(screen.getByLabelText('Price').getAttribute('aria-invalid')).toBe('false');
  });

  it('happens once, however often one clicks, and keeps the focus meanwhile', async () => {
    serve({});
    let requests = 0;
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const counting = http.post('*/api/v1/bitcoins', async () => {
      requests += 1;
      await answered;
    });
    server.use(counting);
    const user = renderApp();
    await user.type(screen.getByLabelText('Symbol'), 'ETH');
    await user.type(screen.getByLabelText('Price'), '1');
    await user.click(screen.getByRole('button', { name: 'Add coin' }));
    const busy = await screen.findByRole('button', { name: 'Adding…' });
    await user.click(busy);
    expect(document.activeElement).toBe(busy);
    answer();
    await waitFor(() => {
      expect(announced()).toBe('Added ETH at 1.');
    });
    expect(requests).toBe(1);
  });

  it('refuses a wrong price before asking the API', async () => {
    const api = serve({});
    const user = renderApp();
    await user.type(screen.getByLabelText('Symbol'), 'ETH');
    await user.type(screen.getByLabelText('Price'), '1.5{Enter}');
    expect(screen.getByText('Use a whole number, such as 43000.')).toBeTruthy();
    expect(screen.getByLabelText('Price').getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(screen.getByLabelText('Price'));
    expect(api.coins.size).toBe(0);
  });

  it('says that a coin exists, and keeps what was typed', async () => {
    serve({ BTC: 43000 });
    const user = renderApp();
    await user.type(screen.getByLabelText('Symbol'), 'BTC');
    await user.type(screen.getByLabelText('Price'), '1{Enter}');
    expect(await screen.findByText(/exists already: edit its price/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Symbol').value).toBe('BTC');
  });

  it("shows the API's objection at its field", async () => {
    serve({});
    const objection = [{ field: 'price', message: 'No such price today' }];
    server.use(
      http.post('*/api/v1/bitcoins', () => problem(422, 'Unprocessable', 'The body is wrong.', objection)),
    );
    const user = renderApp();
    await user.type(screen.getByLabelText('Symbol'), 'BTC');
    await user.type(screen.getByLabelText('Price'), '1{Enter}');
    expect(await screen.findByText('No such price today')).toBeTruthy();
  });
});

describe('editing a price', () => {
  const open = async () => {
    const api = serve({ BTC: 43000, ETH: 2300 });
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: /edit the price of ETH/ }));
    return { api, user, input: screen.getByLabelText<HTMLInputElement>('New price of ETH') };
  };

  it('stores it, ranks anew and gives the focus back', async () => {
    const { api, user } = await open();
    await user.keyboard('50000{Enter}');
    const button = await screen.findByRole('button', { name: '50,000, edit the price of ETH' });
    expect(document.activeElement).toBe(button);
    expect(rows()[0]).toMatch(/^1ETH50,000/);
    expect(api.coins.get('ETH')?.version).toBe(2);
    expect(announced()).toBe('ETH is now at 50,000.');
  });

  it('leaves it on Escape', async () => {
    const { api, user, input } = await open();
    expect(document.activeElement).toBe(input);
    await user.keyboard('1{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /edit the price of ETH/ }));
    expect(api.coins.get('ETH')?.price).toBe(2300);
  });

  it('keeps the field open where the API refuses', async () => {
    const { user, input } = await open();
    server.use(
      http.put('*/api/v1/bitcoins/ETH', () => problem(503, 'Unavailable', 'Writes are refused for now.')),
    );
    await user.keyboard('50000{Enter}');
    await waitFor(() => {
      expect(announced()).toBe('Writes are refused for now.');
    });
    expect(input.value).toBe('50000');
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });
});

describe('deleting', () => {
  const ask = async () => {
    const api = serve({ BTC: 43000, ETH: 2300 });
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Delete ETH' }));
    return { api, user };
  };

  it('happens after one more question', async () => {
    const { api, user } = await ask();
    expect(api.coins.has('ETH')).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Delete ETH for good' }));
    await waitFor(() => {
      expect(announced()).toBe('Deleted ETH.');
    });
    expect(rows()).toHaveLength(1);
    expect(api.coins.has('ETH')).toBe(false);
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Ranking' }));
  });

  it('is taken back by Escape', async () => {
    const { api, user } = await ask();
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Delete ETH' }));
    expect(api.coins.has('ETH')).toBe(true);
  });

  it('of a coin that is gone says so', async () => {
    const { api, user } = await ask();
    api.coins.delete('ETH');
    await user.click(screen.getByRole('button', { name: 'Delete ETH for good' }));
    await waitFor(() => {
      expect(announced()).toBe('There is no coin ETH.');
    });
  });
});
