import { fireEvent, screen } from '@testing-library/react';
import { http } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { hear, holdWrites, loadedRows, renderApp, rows, serve } from '../testing/page';
import { server } from '../testing/server';

const deleteButton = () => screen.findByRole('button', { name: 'Delete ETH' });

async function show() {
  const api = serve({ BTC: 43000, ETH: 2300 });
  const user = renderApp();
  return { api, user, button: await deleteButton() };
}

describe('deleting', () => {
  it('happens at once', async () => {
    const { api, user, button } = await show();
    await user.click(button);
    await hear('Deleted ETH.');
    expect(api.coins.has('ETH')).toBe(false);
    await expect.poll(rows).toHaveLength(1);
  });

  it('happens once, however fast one clicks', async () => {
    const { user, button } = await show();
    const { sent, release } = holdWrites();
    await user.dblClick(button);
    release();
    await hear('Deleted ETH.');
    expect(sent).toEqual(['DELETE']);
  });

  it('spares what a double click finds under the pointer after that', async () => {
    const { api, user, button } = await show();
    await user.click(button);
    fireEvent.click(screen.getByRole('button', { name: 'Delete BTC' }), { detail: 2 });
    await hear('Deleted ETH.');
    expect(api.coins.has('BTC')).toBe(true);
    expect(await loadedRows()).toEqual([expect.stringMatching(/^1BTC/)]);
  });

  it('that is refused says so', async () => {
    const { api, user, button } = await show();
    server.use(http.delete('*/api/v1/bitcoins/ETH', () => problem(422, 'Unprocessable', 'Not today.')));
    await user.click(button);
    await hear('ETH stays at 2,300: Not today.');
    expect(api.coins.has('ETH')).toBe(true);
  });

  it.each([412, 404])('of a coin that is gone says so: %i', async (status) => {
    const { api, user, button } = await show();
    api.coins.delete('ETH');
    server.use(http.delete('*/api/v1/bitcoins/ETH', () => problem(status, 'Gone', 'There is no coin ETH.')));
    await user.click(button);
    await hear('ETH was deleted already.');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('undoing it', () => {
  const deleted = async () => {
    const { button, ...page } = await show();
    await page.user.click(button);
    await hear('Deleted ETH.');
    return page;
  };

  it('puts the coin back', async () => {
    const { api, user } = await deleted();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await hear('ETH is back at 2,300.');
    expect(api.coins.get('ETH')?.price).toBe(2300);
    expect(await deleteButton()).toBeTruthy();
  });

  it('is a key away, and leaves the focus where it is', async () => {
    const { user } = await deleted();
    const elsewhere = screen.getByRole('button', { name: 'Delete BTC' });
    elsewhere.focus();
    await user.keyboard('{Control>}z{/Control}');
    await hear('ETH is back at 2,300.');
    expect(document.activeElement).toBe(elsewhere);
  });

  it('is there for each coin, the last one first', async () => {
    const { api, user } = await deleted();
    await user.click(screen.getByRole('button', { name: 'Delete BTC' }));
    await hear('Deleted BTC.');
    expect(screen.getAllByRole('button', { name: 'Undo' })).toHaveLength(2);
    await user.keyboard('{Control>}z{/Control}');
    await hear('BTC is back at 43,000.');
    await user.keyboard('{Control>}z{/Control}');
    await hear('ETH is back at 2,300.');
    expect(api.coins.size).toBe(2);
  });

  it('is there after other writes, too', async () => {
    const { user } = await deleted();
    await user.click(screen.getByRole('button', { name: /edit the price of BTC/ }));
    await user.keyboard('44000{Enter}');
    await hear('BTC is now at 44,000.');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await hear('ETH is back at 2,300.');
  });

  it('gives the focus back to where it came from', async () => {
    const { user } = await deleted();
    const elsewhere = screen.getByRole('button', { name: 'Delete BTC' });
    elsewhere.focus();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await hear('ETH is back at 2,300.');
    expect(document.activeElement).toBe(elsewhere);
  });

  it('asks where the coin was added again meanwhile', async () => {
    const { api, user } = await deleted();
    api.coins.set('ETH', 9999);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await screen.findByRole('dialog', { name: 'ETH was added again meanwhile' });
    await user.click(screen.getByRole('button', { name: 'Set to 2,300' }));
    await hear('ETH is now at 2,300.');
    expect(api.coins.get('ETH')?.price).toBe(2300);
  });

  it('that fails can be tried again', async () => {
    const { api, user } = await deleted();
    const refusing = http.put('*/api/v1/bitcoins/ETH', () => problem(503, 'Unavailable', 'Not now.'), {
      once: true,
    });
    server.use(refusing);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await hear('ETH was not put back: Not now.');
    await user.click(screen.getByRole('button', { name: 'Put back' }));
    await hear('ETH is back at 2,300.');
    expect(api.coins.has('ETH')).toBe(true);
  });
});

describe('deleting a coin that was changed meanwhile', () => {
  const changed = async () => {
    const { button, ...page } = await show();
    page.api.coins.set('ETH', 2400);
    await page.user.click(button);
    await screen.findByRole('dialog', { name: 'ETH was changed since you saw it' });
    return page;
  };

  it('can be given up', async () => {
    const { api, user } = await changed();
    await user.click(screen.getByRole('button', { name: 'Keep it at 2,400' }));
    await hear('ETH stays at 2,400.');
    expect(api.coins.has('ETH')).toBe(true);
  });

  it('can be insisted upon, and undone', async () => {
    const { api, user } = await changed();
    await user.click(screen.getByRole('button', { name: 'Delete it anyway' }));
    await hear('Deleted ETH.');
    expect(api.coins.has('ETH')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await hear('ETH is back at 2,400.');
  });
});
