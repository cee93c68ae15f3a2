import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { announced, renderApp, serve } from '../testing/page';
import { server } from '../testing/server';
import { events, openStory, press, story } from '../testing/story';

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
    const evicted = 'Evicted: whoever reads it next gets a MISS.';
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

  it('does not claim to have evicted what was not there', async () => {
    const api = serve({ BTC: 43000 });
    const user = openStory('BTC');
    await story('BTC').findByText('43,000');
    api.coins.cached.delete('BTC');
    await press(user, 'Evict this key');
    await waitFor(() => {
      expect(announced()).toBe('Nothing to evict: Redis held no value of this coin.');
    });
    expect(story('BTC').queryByText(/^Evicted/)).toBeNull();
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

  it('says of when its facts are, and what was seen since', async () => {
    const api = serve({ BTC: 43000 });
    window.history.replaceState(null, '', '/?coin=BTC');
    renderApp({ pollInterval: 20 });
    expect(await story('BTC').findByText(/^As read at \d+:\d+/)).toBeTruthy();
    api.coins.set('BTC', 41000);
    expect(await story('BTC').findByText(/^As read at .* The page has seen version 2 since\.$/)).toBeTruthy();
    expect(story('BTC').getByText('43,000')).toBeTruthy();
    expect(story('BTC').getByText(/latest 41,000/)).toBeTruthy();
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
