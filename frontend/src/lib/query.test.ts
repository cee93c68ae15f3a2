import { describe, expect, it } from 'vitest';

import { ApiError } from './api/errors';
import { isPassing, retryDelay } from './query';

describe('a read that failed', () => {
  it.each([
    [5000, [5000, 10_000, 20_000, 30_000, 30_000]],
    [60_000, [60_000, 60_000]],
  ])('with polls every %d ms is tried again after that, then later and later', (pollInterval, delays) => {
    expect(delays.map((_, failures) => retryDelay(pollInterval, failures))).toEqual(delays);
  });

  it.each([
    [null, true],
    [503, true],
    [429, true],
    [404, false],
    [422, false],
  ])('with status %s may succeed the next time: %s', (status, expected) => {
    expect(isPassing(new ApiError('', { status }))).toBe(expected);
  });
});
