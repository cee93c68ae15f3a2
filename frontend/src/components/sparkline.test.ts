import { expect, it } from 'vitest';

import { sparklinePoints, toneOf } from './sparkline';

it('spreads the values over the box, the highest on top', () => {
  expect(sparklinePoints([1, 3, 2], 10, 4)).toBe('0,4 5,0 10,2');
});

it('goes through the middle where nothing changes', () => {
  expect(sparklinePoints([7, 7], 10, 4)).toBe('0,2 10,2');
});

it.each([
  [[3, 1, 2], 'up'],
  [[1, 3, 2], 'down'],
  [[1, 2, 2], 'neutral'],
  [[1], 'neutral'],
  [[], 'neutral'],
])('%j went %s at last', (values, tone) => {
  expect(toneOf(values)).toBe(tone);
});
