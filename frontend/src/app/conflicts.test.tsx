import { fireEvent, screen, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { hear, holdWrites, renderApp, serve } from '../testing/page';
import { server } from '../testing/server';

const question = (name: string) => screen.findByRole('dialog', { name });
const choose = (user: UserEvent, name: string) => user.click(screen.getByRole('button', { name }));

/** The page as it was read before others wrote. */
async function show() {
  const api = serve({ BTC: 43000, ETH: 2300 });
  const user = renderApp();
  await screen.findByRole('table');
  return { api, user };
}

/** A price for ETH is being typed, and not saved yet. */
async function edit(price: string) {
  const page = await show();
  await page.user.click(screen.getByRole('button', { name: /edit the price of ETH/ }));
  await page.user.keyboard(price);
  return page;
}

async function add(symbol: string, price: string) {
  const page = await show();
  await page.user.type(screen.getByLabelText('Symbol'), symbol);
  await page.user.type(screen.getByLabelText('Price'), `${price}{Enter}`);
  return page;
}

describe('an edit of a coin that was changed meanwhile', () => {
  const changed = async () => {
    const page = await edit('2500');
    page.api.coins.set('ETH', 2400);
    await page.user.keyboard('{Enter}');
    await question('ETH was changed meanwhile');
    return page;
  };

  it('shows both values', async () => {
    await changed();
    const [theirs, yours] = within(screen.getByRole('dialog'))
      .getAllByRole('definition')
      .map(({ textContent }) => textContent);
    expect(theirs).toMatch(/^2,400version 2 · /);
    expect(yours).toBe('2,500you saw 2,300');
  });

  it.each(['Keep 2,400', 'Escape'])('can be given up: %s', async (way) => {
    const { api, user } = await changed();
    if (way === 'Escape') screen.getByRole('dialog').dispatchEvent(new Event('cancel', { cancelable: true }));
    else await choose(user, way);
    await hear('ETH stays at 2,400.');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(api.coins.get('ETH')?.price).toBe(2400);
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /edit the price of ETH/ }));
  });

  it('can be insisted upon', async () => {
    const { api, user } = await changed();
    await choose(user, 'Set to 2,500');
    await hear('ETH is now at 2,500.');
    expect(api.coins.get('ETH')).toMatchObject({ price: 2500, version: 3 });
  });

  it('is asked about again where it changes once more', async () => {
    const { api, user } = await changed();
    api.coins.set('ETH', 2450);
    await choose(user, 'Set to 2,500');
    expect(await screen.findByRole('button', { name: 'Keep 2,450' })).toBeTruthy();
    expect(api.coins.get('ETH')?.price).toBe(2450);
    await choose(user, 'Set to 2,500');
    await hear('ETH is now at 2,500.');
  });

  it('is no question where both wanted the same', async () => {
    const { api, user } = await edit('2400');
    api.coins.set('ETH', 2400);
    await user.keyboard('{Enter}');
    await hear('ETH is at 2,400 already.');
    expect(api.coins.get('ETH')?.version).toBe(2);
  });

  it('says so where what it is now cannot be read, and keeps what was typed', async () => {
    const { api, user } = await edit('2500');
    api.coins.set('ETH', 2400);
    server.use(http.get('*/api/v1/bitcoins/ETH', () => HttpResponse.error()));
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Edit again' }));
    expect(screen.getByLabelText<HTMLInputElement>('New price of ETH').value).toBe('2500');
  });
});

it('a double click that keeps one coin does not decide about the next', async () => {
  const { api, user } = await show();
  const { release } = holdWrites();
  for (const symbol of ['ETH', 'BTC']) {
    await user.click(screen.getByRole('button', { name: new RegExp(`edit the price of ${symbol}`) }));
    await user.keyboard('1{Enter}');
    api.coins.set(symbol, 7);
  }
  release();
  const keep = () => screen.getByRole('button', { name: 'Keep 7' });
  const first = await screen.findByRole('dialog');
  await expect.poll(() => api.coins.hits).toBeGreaterThan(0);
  fireEvent.click(keep(), { detail: 1 });
  await expect.poll(() => screen.queryByRole('dialog')).not.toBe(first);
  const second = await screen.findByRole('dialog');
  fireEvent.click(keep(), { detail: 2 });
  expect(screen.getByRole('dialog')).toBe(second);
});

describe('an edit of a coin that was deleted meanwhile', () => {
  const gone = async () => {
    const page = await edit('2500');
    page.api.coins.delete('ETH');
    await page.user.keyboard('{Enter}');
    await question('ETH was deleted meanwhile');
    return page;
  };

  it('can leave it deleted', async () => {
    const { api, user } = await gone();
    await choose(user, 'Leave it deleted');
    await hear('ETH stays deleted.');
    expect(api.coins.has('ETH')).toBe(false);
  });

  it('can add it again', async () => {
    const { api, user } = await gone();
    await choose(user, 'Add it again at 2,500');
    await hear('ETH is back at 2,500.');
    expect(api.coins.get('ETH')?.price).toBe(2500);
  });
});

describe('adding a coin that exists', () => {
  it('can keep it as it is', async () => {
    const { api, user } = await add('btc', '50000');
    await question('BTC exists already');
    await choose(user, 'Keep 43,000');
    await hear('BTC stays at 43,000.');
    expect(api.coins.get('BTC')?.price).toBe(43000);
    expect(document.activeElement).toBe(screen.getByLabelText('Symbol'));
  });

  it('can set its price', async () => {
    const { api, user } = await add('btc', '50000');
    await question('BTC exists already');
    await choose(user, 'Set to 50,000');
    await hear('BTC is now at 50,000.');
    expect(api.coins.get('BTC')).toMatchObject({ price: 50000, version: 2 });
  });
});
