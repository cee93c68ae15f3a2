import { describe, expect, it, vi } from 'vitest';

import { primedAfter } from './priming';

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

  it('does not wait for ever', async () => {
    const read = vi.fn(() => Promise.resolve(report('09:00')));
    expect(await primedAfter(report('09:00'), read, () => Promise.resolve(), 5)).toBeNull();
    expect(read).toHaveBeenCalledTimes(5);
  });
});
