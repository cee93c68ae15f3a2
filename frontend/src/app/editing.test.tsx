import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { hear, holdWrites, renderApp, rows, serve } from '../testing/page';
import { server } from '../testing/server';

const field = () => screen.getByLabelText<HTMLInputElement>('New price of ETH');
const priceButton = () => screen.getByRole('button', { name: /edit the price of ETH/ });

/** The page with the form for the price of ETH open. */
async function open() {
  const api = serve({ BTC: 43000, ETH: 2300 });
  const user = renderApp();
  await user.click(await screen.findByRole('button', { name: /edit the price of ETH/ }));
  return { api, user };
}

describe('editing a price', () => {
  it('stores it, ranks anew and gives the focus back', async () => {
    const { api, user } = await open();
    await user.keyboard('50000{Enter}');
    const button = await screen.findByRole('button', { name: '50,000, edit the price of ETH' });
    await hear('ETH is now at 50,000.');
    expect(document.activeElement).toBe(button);
    expect(rows()[0]).toMatch(/^1ETH50,000/);
    expect(api.coins.get('ETH')?.version).toBe(2);
  });

  it('closes the form before the API has answered', async () => {
    const { user } = await open();
    const { sent, release } = holdWrites();
    await user.keyboard('50000{Enter}');
    expect(document.activeElement).toBe(priceButton());
    await expect.poll(() => sent).toEqual(['PUT']);
    release();
    await hear('ETH is now at 50,000.');
  });

  it('works with the mouse, and once', async () => {
    const { user } = await open();
    const { sent, release } = holdWrites();
    await user.keyboard('50000');
    await user.dblClick(screen.getByRole('button', { name: 'Save the price of ETH' }));
    release();
    await hear('ETH is now at 50,000.');
    expect(sent).toEqual(['PUT']);
  });

  it.each(['{Escape}', '{Tab}{Tab}{Enter}'])('leaves it on %s', async (keys) => {
    const { api, user } = await open();
    expect(document.activeElement).toBe(field());
    await user.keyboard(`1${keys}`);
    expect(document.activeElement).toBe(priceButton());
    expect(api.coins.get('ETH')?.price).toBe(2300);
  });

  it('that changes nothing asks for nothing', async () => {
    const { user } = await open();
    const { sent } = holdWrites();
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(priceButton());
    expect(sent).toEqual([]);
  });

  it('says what is wrong as it is typed, and does not save that', async () => {
    const { api, user } = await open();
    await user.keyboard('1.');
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Use a whole number, such as 43000.')).toBeTruthy();
    await user.keyboard('{Backspace}{Backspace}');
    expect(field().getAttribute('aria-invalid')).toBe('false');
    await user.keyboard('{Enter}');
    expect(screen.getByText('Type a price, such as 43000.')).toBeTruthy();
    expect(document.activeElement).toBe(field());
    expect(api.coins.get('ETH')?.price).toBe(2300);
  });

  it('that the API objects to can be taken up again', async () => {
    const { api, user } = await open();
    const objection = [{ field: 'price', message: 'No such price today' }];
    const refusing = http.put(
      '*/api/v1/bitcoins/ETH',
      () => problem(422, 'Unprocessable', 'The body is wrong.', objection),
      { once: true },
    );
    server.use(refusing);
    await user.keyboard('50000{Enter}');
    await hear('ETH stays at 2,300: The body is wrong.');
    await user.click(screen.getByRole('button', { name: 'Edit again' }));
    expect(field().value).toBe('50000');
    expect(document.activeElement).toBe(field());
    expect(screen.getByText('No such price today')).toBeTruthy();
    await user.keyboard('51000{Enter}');
    await hear('ETH is now at 51,000.');
    expect(api.coins.get('ETH')?.price).toBe(51000);
  });

  it('is not taken up where nobody would see it', async () => {
    const { user } = await open();
    server.use(http.put('*/api/v1/bitcoins/ETH', () => problem(422, 'Unprocessable', 'Not today.')));
    await user.keyboard('50000{Enter}');
    await hear('ETH stays at 2,300: Not today.');
    const search = screen.getByRole('searchbox');
    await user.type(search, 'BTC');
    await expect.poll(rows).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Edit again' }));
    await hear('Search for ETH to go on editing it.');
    await user.clear(search);
    await expect.poll(rows).toHaveLength(2);
    expect(field().value).toBe('50000');
    expect(document.activeElement).toBe(search);
  });

  it.each([
    [
      'gives no answer',
      () => HttpResponse.error(),
      'The API cannot be reached. Check your connection and that the stack is running.',
    ],
    ['breaks', () => problem(500, 'Error', 'Something went wrong here.'), 'Something went wrong here.'],
  ])('of which an API that %s does not tell is not called undone', async (_, respond, why) => {
    const { user } = await open();
    server.use(http.put('*/api/v1/bitcoins/ETH', respond));
    await user.keyboard('50000{Enter}');
    await hear(
      `It is not known whether ETH was changed: ${why} The ranking will show it as soon as it can be read.`,
    );
    expect(screen.queryByText('Writes are refused for now')).toBeNull();
  });
});

describe('two quick edits of one coin', () => {
  it('are stored one after the other, without a conflict', async () => {
    const { api, user } = await open();
    const { sent, release } = holdWrites();
    await user.keyboard('2400{Enter}');
    await user.click(priceButton());
    await user.clear(field());
    await user.keyboard('2500{Enter}');
    await expect.poll(() => sent).toEqual(['PUT']);
    release();
    await hear('ETH is now at 2,500.');
    expect(api.coins.get('ETH')).toMatchObject({ price: 2500, version: 3 });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('do not overwrite what someone else wrote between them', async () => {
    const { api, user } = await open();
    const { release } = holdWrites();
    api.coins.set('ETH', 9999);
    await user.keyboard('2400{Enter}');
    await user.click(priceButton());
    await user.clear(field());
    await user.keyboard('2500{Enter}');
    release();
    expect(await screen.findByRole('button', { name: 'Set to 2,500' })).toBeTruthy();
    expect(api.coins.get('ETH')).toMatchObject({ price: 9999, version: 2 });
  });
});
