import { describe, expect, it, vi } from 'vitest';

import { describePriming, primedAfter } from './priming';

const report = (last_primed_at: string | null, last_primed_keys: number | null = null) => ({
  last_primed_at,
  last_primed_keys,
});

describe('primedAfter', () => {
  it('looks until a report tells of another priming', async () => {
    const pause = vi.fn(() => Promise.resolve());
    const read = vi.fn(() => Promise.resolve(report('10:00', 3)));
    read.mockResolvedValueOnce(report('09:00', 3));
    expect(await primedAfter(report('09:00', 3), read, pause, 5)).toEqual(report('10:00', 3));
    expect(pause).toHaveBeenCalledTimes(1);
  });

  it('knows the first priming of all', async () => {
    const read = () => Promise.resolve(report('10:00', 0));
    expect(await primedAfter(report(null), read, () => Promise.resolve(), 1)).toEqual(report('10:00', 0));
  });

  it('is not told of one by a Redis that is lost, and knows no more when it was primed', async () => {
    const read = vi.fn(() => Promise.resolve(report('10:00', 3)));
    read.mockResolvedValueOnce(report(null));
    expect(await primedAfter(report('09:00', 3), read, () => Promise.resolve(), 5)).toEqual(
      report('10:00', 3),
    );
  });

  it('does not wait for ever', async () => {
    const read = vi.fn(() => Promise.resolve(report('09:00')));
    expect(await primedAfter(report('09:00'), read, () => Promise.resolve(), 5)).toBeNull();
    expect(read).toHaveBeenCalledTimes(5);
  });
});

it.each([
  [report('10:00', 1), 'Primed 1 key.'],
  [report('10:00'), 'Primed.'],
  [null, /not known yet whether it has ended/],
])('what came of a priming is said: %j', (priming, text) => {
  expect(describePriming(priming)).toMatch(text);
});
