import { expect, it } from 'vitest';

import { describePrices } from './prices';

it('says what the line of prices shows', () => {
  expect(describePrices([41000, 43500, 43000])).toBe(
    'Lowest 41,000, highest 43,500, latest 43,000: 3 prices seen by this page.',
  );
});

it('says that one price is no line yet', () => {
  expect(describePrices([41000])).toMatch(/one price/);
});
