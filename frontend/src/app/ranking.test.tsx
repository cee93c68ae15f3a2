import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { loadedRows, renderApp, row, rows, serve } from '../testing/page';

const PRICES = { BTC: 43000, ETH: 2300, ADA: 1 };
const symbols = () => rows().map((text) => /[A-Z]+/.exec(text)?.[0]);
const head = (name: string) => screen.getByRole('columnheader', { name });

describe('sorting', () => {
  it('by a column, and the other way round, is kept in the address', async () => {
    serve(PRICES);
    const user = renderApp();
    await loadedRows();
    expect(head('Rank').getAttribute('aria-sort')).toBe('ascending');
    await user.click(within(head('Symbol')).getByRole('button'));
    await waitFor(() => {
      expect(symbols()).toEqual(['ADA', 'BTC', 'ETH']);
    });
    expect(head('Symbol').getAttribute('aria-sort')).toBe('ascending');
    expect(head('Rank').getAttribute('aria-sort')).toBe('none');
    expect(window.location.search).toBe('?sort=symbol&order=ascending');
    await user.click(within(head('Symbol')).getByRole('button'));
    await waitFor(() => {
      expect(symbols()).toEqual(['ETH', 'BTC', 'ADA']);
    });
    await user.click(within(head('Rank')).getByRole('button'));
    await waitFor(() => {
      expect(symbols()).toEqual(['BTC', 'ETH', 'ADA']);
    });
    expect(window.location.search).toBe('');
  });

  it('is taken from the address', async () => {
    window.history.replaceState(null, '', '/?sort=price&order=ascending');
    serve(PRICES);
    renderApp();
    await loadedRows();
    expect(symbols()).toEqual(['ADA', 'ETH', 'BTC']);
  });
});

describe('searching', () => {
  it('is led to by the slash, leaves what matches, is kept in the address and ended by Escape', async () => {
    serve(PRICES);
    const user = renderApp();
    await loadedRows();
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search coins' }));
    await user.keyboard('th');
    await waitFor(() => {
      expect(symbols()).toEqual(['ETH']);
    });
    expect(window.location.search).toBe('?q=th');
    expect(screen.getByText('1 found')).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(symbols()).toHaveLength(3);
    });
  });

  it('says that nothing matches, and leads back', async () => {
    serve(PRICES);
    const user = renderApp();
    await loadedRows();
    await user.type(screen.getByRole('searchbox'), 'xyz');
    expect(await screen.findByText('No coin matches “XYZ”')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all coins' }));
    expect(await loadedRows()).toHaveLength(3);
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });
});

describe('a change of price', () => {
  it('is shown with its sign from the price last seen', async () => {
    const api = serve(PRICES);
    renderApp({ pollInterval: 20 });
    await loadedRows();
    expect(row('ETH').getByText(/no change seen/)).toBeTruthy();
    api.coins.set('ETH', 2530);
    expect(await screen.findByText('+10%')).toBeTruthy();
    api.coins.set('ETH', 1265);
    expect(await screen.findByText('−50%')).toBeTruthy();
    api.coins.set('BTC', 43001);
    expect(await screen.findByText('+1')).toBeTruthy();
    expect(row('ETH').getByText('▼')).toBeTruthy();
  });
});

describe('the focus', () => {
  it('goes to the row in the place of one that went away', async () => {
    const api = serve(PRICES);
    renderApp({ pollInterval: 20 });
    await loadedRows();
    act(() => {
      row('ETH').getByRole('button', { name: 'ETH, its story' }).focus();
    });
    api.coins.delete('ETH');
    await waitFor(() => {
      expect(symbols()).toEqual(['BTC', 'ADA']);
    });
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'ADA, its story' }));
  });

  it('goes to the heading where no row is left', async () => {
    const api = serve({ BTC: 1 });
    renderApp({ pollInterval: 20 });
    await loadedRows();
    act(() => {
      row('BTC').getByRole('button', { name: 'BTC, its story' }).focus();
    });
    api.coins.delete('BTC');
    await screen.findByText('No coins yet');
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Ranking' }));
  });
});

describe('the theme', () => {
  it('is chosen and kept', async () => {
    serve(PRICES);
    const user = renderApp();
    await user.click(screen.getByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('theme')).toBe('dark');
    await user.click(screen.getByRole('radio', { name: 'System' }));
    expect(document.documentElement.dataset.theme).toBe('system');
  });
});
