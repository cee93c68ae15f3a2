import { describe, expect, it } from 'vitest';

import { lastChange, PriceHistory } from './history';

/** A history that has seen BTC at these prices, each a version later than the one before. */
function seen(...prices: number[]): PriceHistory {
  const history = new PriceHistory();
  prices.forEach((price, index) => {
    history.observe([{ symbol: 'BTC', price, version: index + 1 }]);
  });
  return history;
}

describe('the price history', () => {
  it('holds each price once as long as it stays', () => {
    expect(seen(5, 5, 7, 7, 5).of('BTC')?.prices).toEqual([5, 7, 5]);
    expect(seen(5).of('ETH')).toBeUndefined();
  });

  it('keeps a trace as it is while nothing changes', () => {
    const history = seen(5, 7);
    const before = history.of('BTC');
    history.observe([{ symbol: 'BTC', price: 7, version: 3 }]);
    expect(history.of('BTC')?.prices).toBe(before?.prices);
  });

  it('takes nothing from an answer that is older than what was seen', () => {
    const history = seen(5, 7);
    history.observe([{ symbol: 'BTC', price: 7, version: 4 }]);
    history.observe([{ symbol: 'BTC', price: 5, version: 3 }]);
    expect(history.of('BTC')?.prices).toEqual([5, 7]);
  });

  it('forgets the oldest', () => {
    const many = Array.from({ length: 100 }, (_, index) => index);
    expect(seen(...many).of('BTC')?.prices).toEqual(many.slice(-24));
  });
});

describe('lastChange', () => {
  it('is that from the price seen before', () => {
    expect(lastChange(seen(40, 50).of('BTC'))).toEqual({ amount: 10, share: 0.25 });
    expect(lastChange(seen(40, 50, 25).of('BTC'))).toEqual({ amount: -25, share: -0.5 });
  });

  it('has no share of nothing', () => {
    expect(lastChange(seen(0, 50).of('BTC'))).toEqual({ amount: 50, share: null });
  });

  it('is unknown where one price was seen, or none', () => {
    expect(lastChange(seen(40).of('BTC'))).toBeNull();
    expect(lastChange(undefined)).toBeNull();
  });
});
