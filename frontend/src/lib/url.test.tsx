import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { pushUrlParams, replaceUrlParams, undoUrlParams, useUrlParams } from './url';

const renderParams = () => renderHook(() => useUrlParams().toString()).result;

describe("the address's parameters", () => {
  it('are replaced without another step of history, and taken out', () => {
    const params = renderParams();
    const before = window.history.length;
    act(() => {
      replaceUrlParams({ q: 'bt c', sort: 'price' });
    });
    expect(params.current).toBe('q=bt+c&sort=price');
    act(() => {
      replaceUrlParams({ q: null });
    });
    expect(params.current).toBe('sort=price');
    expect(window.history.length).toBe(before);
  });

  it('are pushed so that Back undoes it', async () => {
    const params = renderParams();
    act(() => {
      pushUrlParams({ coin: 'BTC' });
    });
    expect(params.current).toBe('coin=BTC');
    await act(async () => {
      const left = new Promise((resolve) => {
        window.addEventListener('popstate', resolve, { once: true });
      });
      undoUrlParams('coin');
      await left;
    });
    expect(params.current).toBe('');
  });

  it('are removed where the address came with them', () => {
    window.history.replaceState(null, '', '/?coin=BTC&q=b');
    const params = renderParams();
    act(() => {
      undoUrlParams('coin');
    });
    expect(params.current).toBe('q=b');
  });
});
