import { describe, expect, it } from 'vitest';

import { ApiError } from './api/errors';
import { isPassing, retryDelay } from './query';

describe('a read that failed', () => {
  it('is tried again after a second, then later and later, but twice a minute', () => {
    const delays = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
    expect(delays.map((_, failures) => retryDelay(failures))).toEqual(delays);
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
