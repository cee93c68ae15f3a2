import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { problem } from '../testing/fakeApi';
import { announced, renderApp, serve } from '../testing/page';
import { server } from '../testing/server';

/** With or without the page's own read of the ranking. */
const RATE = /^98(\.1)?%$/;

const facts = () => within(screen.getByRole('region', { name: 'Cache' }));
const answers = async () => within(await screen.findByRole('list', { name: 'The last answers' }));

describe("the cache's facts", () => {
  it('tell what it did, and the source of the last answer', async () => {
    serve({ BTC: 43000 });
    renderApp();
    expect(await screen.findByText('Redis HIT · 3 ms · 41 min left')).toBeTruthy();
    expect(await facts().findByText(RATE)).toBeTruthy();
    expect(facts().getByText(/^98[01]$/)).toBeTruthy();
    expect(facts().getByText('20')).toBeTruthy();
  });

  it('say that Redis is gone', async () => {
    const api = serve({ BTC: 43000 });
    api.report = { ...api.report, status: 'unavailable', keys: null };
    renderApp();
    expect(await screen.findByText('Redis is not available')).toBeTruthy();
  });

  it('tell the rate of the last reads beside that of all', async () => {
    const api = serve({ BTC: 43000 });
    renderApp({ pollInterval: 20 });
    expect(await facts().findByText(/^in all; 100% of the last \d+ reads?$/)).toBeTruthy();
    api.coins.cached.clear();
    api.coins.misses += 1000;
    expect(await facts().findByText(/^in all; \d(\.\d)?% of the last \d,?\d+ reads$/)).toBeTruthy();
  });

  it('keep the last counts, with their time, while they cannot be read', async () => {
    serve({ BTC: 43000 });
    renderApp({ pollInterval: 20 });
    await facts().findByText(RATE);
    server.use(http.get('*/api/v1/cache', () => new HttpResponse(null, { status: 502 })));
    expect(await facts().findByText(/^As of .*cannot be read now\.$/)).toBeTruthy();
    expect(facts().getByText(/%$/)).toBeTruthy();
  });

  it('claim nothing before the first report', () => {
    serve({});
    renderApp();
    expect(facts().getAllByText('–')).toHaveLength(5);
  });

  it('do not say when it was primed where Redis, which knows, is gone', async () => {
    const api = serve({ BTC: 43000 });
    const unknown = { keys: null, last_primed_at: null, last_primed_keys: null };
    api.report = { ...api.report, status: 'unavailable', ...unknown };
    renderApp();
    await screen.findByText('Redis is not available');
    expect(facts().queryByText('Never')).toBeNull();
  });
});

describe('priming', () => {
  it('begins on request and tells its end', async () => {
    const api = serve({ BTC: 43000, ETH: 2300 });
    api.report.last_primed_at = '2026-01-01T12:00:00Z';
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Prime' }));
    await waitFor(() => {
      expect(announced()).toBe('Primed 2 keys.');
    });
    expect(await screen.findByRole('button', { name: 'Prime' })).toBeTruthy();
    expect(facts().getByText('just now')).toBeTruthy();
  });

  it('is busy until then, and does not begin twice', async () => {
    serve({ BTC: 43000 });
    let requests = 0;
    const begun = http.post('*/api/v1/cache/priming', () => {
      requests += 1;
      return HttpResponse.json({ began: true }, { status: 202 });
    });
    server.use(begun);
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Prime' }));
    await user.click(await screen.findByRole('button', { name: 'Priming…' }));
    await waitFor(() => {
      expect(requests).toBe(1);
    });
    expect(screen.getByRole('button', { name: 'Priming…' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('says why it cannot be', async () => {
    serve({ BTC: 43000 });
    server.use(
      http.post('*/api/v1/cache/priming', () => problem(403, 'Forbidden', 'The resource does not allow it.')),
    );
    const user = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Prime' }));
    await waitFor(() => {
      expect(announced()).toBe('Priming failed. The resource does not allow it.');
    });
    expect(await screen.findByRole('button', { name: 'Prime' })).toBeTruthy();
  });

  it('is offered only where the API offers it', async () => {
    const api = serve({ BTC: 43000 });
    api.report.controls = false;
    renderApp();
    await facts().findByText(RATE);
    expect(screen.queryByRole('button', { name: 'Prime' })).toBeNull();
  });
});

describe('the answers', () => {
  it('tell source, time and what is left, of coins alone', async () => {
    serve({ BTC: 43000 });
    renderApp();
    await facts().findByText(RATE);
    await screen.findByRole('table');
    const items = (await answers()).getAllByRole('listitem');
    expect(items).toHaveLength(1);
    for (const text of ['Ranking 1–100', 'Redis HIT', '3 ms', ' min left']) {
      expect(items[0]?.textContent).toContain(text);
    }
    expect(screen.getByRole('list', { name: 'Sources of 1 answer' }).textContent).toMatch(
      /Redis HIT 1.*Redis MISS 0/,
    );
  });

  it('list the last five, newest first, and what failed', async () => {
    serve({ BTC: 43000 });
    renderApp({ pollInterval: 20 });
    const list = await answers();
    await waitFor(() => {
      expect(list.getAllByRole('listitem')).toHaveLength(5);
    });
    server.use(http.get('*/api/v1/bitcoins', () => new HttpResponse(null, { status: 502 })));
    await waitFor(() => {
      expect(list.getAllByRole('listitem')[0]?.textContent).toContain('Failed');
    });
  });

  it('can be put away', async () => {
    serve({ BTC: 43000 });
    const user = renderApp();
    await answers();
    await user.click(screen.getByRole('heading', { name: 'Answers' }));
    await waitFor(() => {
      expect(screen.queryByRole('list', { name: 'The last answers' })).toBeNull();
    });
  });
});
