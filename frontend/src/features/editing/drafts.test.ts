import { expect, it, vi } from 'vitest';

import { Drafts } from './drafts';

const seen = { symbol: 'ETH', price: 2300, version: 1, stored: Promise.resolve({ version: 1 }) };

it('a draft is kept until it is closed, and whoever listens is told', () => {
  const drafts = new Drafts();
  const listener = vi.fn();
  const unsubscribe = drafts.subscribe(listener);
  drafts.open({ text: '2300', problem: null, seen, isFresh: true });
  expect(drafts.of('ETH')).toMatchObject({ text: '2300', isFresh: true });
  expect(drafts.of('BTC')).toBeUndefined();
  drafts.change('ETH', { text: '24', isFresh: false });
  expect(drafts.of('ETH')).toMatchObject({ text: '24', isFresh: false, seen });
  expect(drafts.of('ETH')).toBe(drafts.of('ETH'));
  drafts.close('ETH');
  expect(drafts.of('ETH')).toBeUndefined();
  expect(listener).toHaveBeenCalledTimes(3);
  unsubscribe();
  drafts.open({ text: '', problem: null, seen, isFresh: true });
  expect(listener).toHaveBeenCalledTimes(3);
});

it('what is closed cannot be changed', () => {
  const drafts = new Drafts();
  drafts.change('ETH', { text: '1' });
  expect(drafts.of('ETH')).toBeUndefined();
});

it('a place is known as long as it is shown, and the newest counts', () => {
  const drafts = new Drafts();
  const [before, after] = [{ hasFocus: () => false }, { hasFocus: () => true }];
  expect(drafts.placeOf('ETH')).toBeUndefined();
  const hideBefore = drafts.show('ETH', before);
  const hideAfter = drafts.show('ETH', after);
  hideBefore();
  expect(drafts.placeOf('ETH')).toBe(after);
  hideAfter();
  expect(drafts.placeOf('ETH')).toBeUndefined();
});
