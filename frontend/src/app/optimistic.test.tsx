import { screen } from '@testing-library/react';
import { http } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { hear, holdWrites, loadedRows, renderApp, rows, serve } from '../testing/page';
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
