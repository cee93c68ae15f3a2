import { screen } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { createFakeApi, problem } from '../testing/fakeApi';
import { hear, holdWrites, listed, loadedRows, renderApp, rows, serve } from '../testing/page';
import { server } from '../testing/server';

const BTC = expect.stringMatching(/^\d*BTC43,000/) as string;
const ETH = expect.stringMatching(/^\d*ETH2,300/) as string;

/** The page with writes that are answered, once they are released, as `status` says. */
async function show(status: 'taken' | 'refused') {
  serve({ BTC: 43000, ETH: 2300 });
  const refusing = http.all(/\/api\/v1\/bitcoins/, ({ request: { method } }) =>
    method === 'GET' ? undefined : problem(422, 'Unprocessable', 'Not today.'),
  );
  if (status === 'refused') server.use(refusing);
  const { release } = holdWrites();
  const user = renderApp();
  expect(await loadedRows()).toEqual([BTC, ETH]);
  return { user, release };
}

async function editETH(user: Awaited<ReturnType<typeof show>>['user'], price: string) {
  await user.click(screen.getByRole('button', { name: /edit the price of ETH/ }));
  await user.clear(screen.getByLabelText('New price of ETH'));
  await user.keyboard(`${price}{Enter}`);
}

describe('before the API has answered', () => {
  it('a new coin is in the ranking, and goes again if it is refused', async () => {
    const { user, release } = await show('refused');
    await user.type(screen.getByLabelText('Symbol'), 'sol');
    await user.type(screen.getByLabelText('Price'), '5000{Enter}');
    await expect.poll(rows).toEqual([BTC, expect.stringMatching(/^\d*SOL5,000/), ETH]);
    release();
    await hear('SOL was not added: Not today.');
    await expect.poll(rows).toEqual([BTC, ETH]);
    expect(screen.getByLabelText<HTMLInputElement>('Symbol').value).toBe('sol');
  });

  it('a new price is in its place, and the old one comes back if it is refused', async () => {
    const { user, release } = await show('refused');
    await editETH(user, '50000');
    await expect.poll(rows).toEqual([expect.stringMatching(/^\d*ETH50,000/), BTC]);
    release();
    await hear('ETH stays at 2,300: Not today.');
    await expect.poll(rows).toEqual([BTC, ETH]);
  });

  it('a deleted coin is gone, and comes back if that is refused', async () => {
    const { user, release } = await show('refused');
    await user.click(screen.getByRole('button', { name: 'Delete ETH' }));
    await expect.poll(rows).toEqual([BTC]);
    release();
    await hear('ETH stays at 2,300: Not today.');
    await expect.poll(rows).toEqual([BTC, ETH]);
  });

  it('the last of two edits is what one sees', async () => {
    const { user, release } = await show('taken');
    await editETH(user, '50000');
    await expect.poll(rows).toEqual([expect.stringMatching(/^\d*ETH50,000/), BTC]);
    await editETH(user, '60000');
    await expect.poll(rows).toEqual([expect.stringMatching(/^\d*ETH60,000/), BTC]);
    release();
    await hear('ETH is now at 60,000.');
    await expect.poll(rows).toEqual([expect.stringMatching(/^\d*ETH60,000/), BTC]);
  });

  it('a coin that was just added can be edited', async () => {
    const { user, release } = await show('taken');
    await user.type(screen.getByLabelText('Symbol'), 'sol');
    await user.type(screen.getByLabelText('Price'), '5000{Enter}');
    await user.click(await screen.findByRole('button', { name: /edit the price of SOL/ }));
    await user.keyboard('6000{Enter}');
    await expect.poll(rows).toEqual([BTC, expect.stringMatching(/^\d*SOL6,000/), ETH]);
    release();
    await hear('SOL is now at 6,000.');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('once the API has answered', () => {
  /** The page on `count` coins below BTC, and the paths that are read from now on. */
  async function showMany(count: number) {
    const others = Array.from({ length: count }, (_, index) => [`C${index}`, 2000 - index]);
    const { coins } = serve({ BTC: 43000, ETH: 2300, ...(Object.fromEntries(others) as object) });
    const user = renderApp();
    await loadedRows();
    await expect.poll(listed).toBe(coins.size);
    const read: string[] = [];
    const noting = http.get('*/api/v1/*', ({ request }) => {
      read.push(request.url.replace(/.*\/api\/v1/, ''));
    });
    server.use(noting);
    return { coins, user, read };
  }

  it('a write is done, though nothing can be read', async () => {
    const { coins, user } = await showMany(0);
    server.use(http.get('*/api/v1/*', () => delay('infinite')));
    for (const price of ['50000', '60000', '50000']) {
      await editETH(user, price);
      await hear(`ETH is now at ${price.slice(0, 2)},000.`);
      await expect
        .poll(() => document.querySelector('[data-symbol=ETH]')?.getAttribute('aria-busy'))
        .toBe('false');
    }
    expect(coins.get('ETH')?.version).toBe(4);
    expect(rows()).toEqual([expect.stringMatching(/^1ETH50,000/), expect.stringMatching(/^2BTC/)]);
  });

  it.each([
    ['another page', '1500'],
    ['its page', '2350'],
  ])('only the head and the cache report are read anew: a coin that moves to %s', async (_, price) => {
    const { user, read } = await showMany(300);
    await editETH(user, price);
    await hear(`ETH is now at ${Number(price).toLocaleString('en')}.`);
    await expect.poll(() => read.sort()).toEqual(['/bitcoins?limit=100&offset=0', '/cache']);
    expect(listed()).toBe(302);
  });

  it('a coin that comes into the head leaves no gap behind', async () => {
    const { user, read } = await showMany(300);
    await user.type(screen.getByLabelText('Symbol'), 'sol');
    await user.type(screen.getByLabelText('Price'), '5000{Enter}');
    await hear('Added SOL at 5,000.');
    await expect.poll(() => read.sort()).toEqual(['/bitcoins?limit=100&offset=0', '/cache']);
    await expect.poll(listed).toBe(303);
  });

  it('an answer that was asked for before it counts for nothing', async () => {
    const { user } = await showMany(0);
    const old = createFakeApi({ BTC: 43000, ETH: 2300 }).coins.page(100, 0);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const stale = async () => {
      await held;
      return HttpResponse.json(old);
    };
    server.use(http.get('*/api/v1/bitcoins', stale, { once: true }));
    document.dispatchEvent(new Event('visibilitychange'));
    await editETH(user, '50000');
    await hear('ETH is now at 50,000.');
    answer();
    await user.click(screen.getByRole('button', { name: 'Delete BTC' }));
    await hear('Deleted BTC.');
    expect(rows()).toEqual([expect.stringMatching(/^1ETH50,000/)]);
  });
});
