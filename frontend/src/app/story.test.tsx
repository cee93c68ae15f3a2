import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { announced, renderApp, serve } from '../testing/page';
import { server } from '../testing/server';

/** The whole page at the address of a coin's story. */
function openStory(symbol: string): UserEvent {
  window.history.replaceState(null, '', `/?coin=${encodeURIComponent(symbol)}`);
  return renderApp();
}

const story = (name: string) => within(screen.getByRole('dialog', { name }));
const events = () =>
  story('BTC')
    .queryAllByText(/^(\d+ · |Evicted)/)
    .map(({ textContent }) => textContent);

async function press(user: UserEvent, name: string) {
  await user.click(await screen.findByRole('button', { name }));
}

describe("a coin's story", () => {
  it('tells what it is now', async () => {
    const api = serve({ BTC: 43000, ETH: 2300 });
    api.coins.set('BTC', 44000);
    openStory('btc');
    expect(screen.getByText('Reading BTC…')).toBeTruthy();
    expect(await story('BTC').findByText('44,000')).toBeTruthy();
    expect(await story('BTC').findByText('1 of 2')).toBeTruthy();
    expect(story('BTC').getByText('Version').nextSibling?.textContent).toBe('2');
    expect(story('BTC').getByText(/^This page has seen one price/)).toBeTruthy();
  });

  it('lists the reads, with the latency of each taken apart', async () => {
    serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    expect(await story('BTC').findByText('1 · Redis HIT · 3 ms · 41 min left')).toBeTruthy();
    expect(story('BTC').getByText('Redis had it: PostgreSQL was not asked.')).toBeTruthy();
    expect(story('BTC').getByText('Redis 0.4 ms')).toBeTruthy();
    expect(story('BTC').getByText('Service 2.6 ms')).toBeTruthy();
    await press(user, 'Read again');
    expect(await story('BTC').findByText(/^2 · Redis HIT/)).toBeTruthy();
    await waitFor(() => {
      expect(announced()).toBe('Read: Redis HIT · 3 ms · 41 min left');
    });
  });

  it('lets a learner see a MISS turn into a HIT', async () => {
    const api = serve({ BTC: 43000 });
    const user = openStory('BTC');
    await press(user, 'Evict this key');
    const evicted = 'Evicted: the next read is a MISS, and fills the cache again.';
    await waitFor(() => {
      expect(announced()).toBe(evicted);
    });
    expect(api.coins.cached.has('BTC')).toBe(false);
    expect(await story('BTC').findByText(evicted, { selector: 'li p' })).toBeTruthy();
    await press(user, 'Read again');
    expect(await story('BTC').findByText(/^2 · Redis MISS · PostgreSQL/)).toBeTruthy();
    expect(story('BTC').getByText(/^Redis did not have it/)).toBeTruthy();
    expect(story('BTC').getByText('PostgreSQL 5.1 ms')).toBeTruthy();
    await press(user, 'Read again');
    expect(await story('BTC').findByText(/^3 · Redis HIT/)).toBeTruthy();
    expect(events()).toHaveLength(4);
  });

  it('offers to evict only where the API does', async () => {
    const api = serve({ BTC: 43000 });
    api.report.controls = false;
    openStory('BTC');
    await story('BTC').findByText('43,000');
    await screen.findByText(/^in all/);
    expect(screen.queryByRole('button', { name: 'Evict this key' })).toBeNull();
  });

  it('says why a key was not evicted', async () => {
    serve({ BTC: 43000 });
    const refusal = problem(503, 'Service Unavailable', 'Redis is not available.');
    server.use(http.delete('*/api/v1/cache/bitcoins/BTC', () => refusal));
    const user = openStory('BTC');
    await press(user, 'Evict this key');
    await waitFor(() => {
      expect(announced()).toBe('BTC was not evicted. Redis is not available.');
    });
    expect(events()).toHaveLength(1);
  });

  it('draws what this page saw of the price', async () => {
    const api = serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    api.coins.set('BTC', 41000);
    await press(user, 'Read again');
    expect(await story('BTC').findByText(/^Lowest 41,000, highest 43,000, latest 41,000/)).toBeTruthy();
  });

  it('opens with a click on a coin, and gives the focus back to it when it ends', async () => {
    serve({ BTC: 43000 });
    const user = renderApp();
    await press(user, 'BTC, its story');
    expect(window.location.search).toBe('?coin=BTC');
    await story('BTC').findByText('43,000');
    await press(user, 'Close');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(window.location.search).toBe('');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'BTC, its story' }));
  });
});

describe('a story that cannot be told', () => {
  it('says that there is no such coin, and the way back', async () => {
    serve({ BTC: 43000 });
    const user = openStory('NONE');
    expect(await screen.findByText('There is no coin NONE.')).toBeTruthy();
    expect(story('NONE').getByText(/^1 · Redis MISS/)).toBeTruthy();
    await press(user, 'Back to the ranking');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('does not ask for what is no symbol', () => {
    serve({ BTC: 43000 });
    openStory('../b c');
    expect(story('No such coin').getByText('“../b c” is not a symbol')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Read again' })).toBeNull();
  });

  it('says what failed, and reads again on request', async () => {
    serve({ BTC: 43000 });
    server.use(http.get('*/api/v1/bitcoins/BTC', () => HttpResponse.error(), { once: true }));
    const user = openStory('BTC');
    expect(await story('BTC').findByText('BTC could not be read')).toBeTruthy();
    expect(story('BTC').getByText(/cannot be reached/)).toBeTruthy();
    expect(await story('BTC').findByText('1 · No answer')).toBeTruthy();
    await press(user, 'Try again');
    expect(await story('BTC').findByText('43,000')).toBeTruthy();
    expect(screen.queryByText('BTC could not be read')).toBeNull();
    expect(await story('BTC').findByText(/^2 · Redis HIT/)).toBeTruthy();
  });

  it('keeps what is known where a later read fails', async () => {
    serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    server.use(
      http.get('*/api/v1/bitcoins/BTC', () => new HttpResponse(null, { status: 503 }), { once: true }),
    );
    await press(user, 'Read again');
    expect(await story('BTC').findByText('The last read failed')).toBeTruthy();
    expect(story('BTC').getByText('43,000')).toBeTruthy();
    expect(await story('BTC').findByText('2 · Failed with status 503')).toBeTruthy();
  });

  it('ends with the coin where that was deleted meanwhile', async () => {
    const api = serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    api.coins.delete('BTC');
    await press(user, 'Read again');
    expect(await story('BTC').findByText('There is no coin BTC.')).toBeTruthy();
    expect(story('BTC').queryByText('43,000')).toBeNull();
  });
});
