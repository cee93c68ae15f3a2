import { describe, expect, it } from 'vitest';

import { ApiError } from '../../lib/api/errors';
import { OUTCOME_UNKNOWN } from '../../lib/api/rules';
import { addition, deletion, restoration } from './changes';
import { failureOf, pauseMs } from './failures';

const error = (status: number | null, retryAfter: number | null = null) =>
  new ApiError('Sorry.', { status, retryAfter });
const remove = deletion({ symbol: 'ETH', price: 1, version: 1, stored: Promise.resolve({ version: 1 }) });

describe('failureOf', () => {
  it.each([
    [409, 'conflict'],
    [412, 'conflict'],
    [404, 'conflict'],
    [403, 'refused'],
    [405, 'refused'],
    [503, 'refused'],
    [422, 'invalid'],
    [429, 'invalid'],
    [500, 'unknown'],
    [502, 'unknown'],
    [504, 'unknown'],
    [200, 'unknown'],
    [null, 'unknown'],
  ])('takes the status %s for %s', (status, failure) => {
    expect(failureOf(error(status), remove)).toBe(failure);
  });

  it('believes the API that says that it does not know', () => {
    expect(failureOf(new ApiError('Lost.', { status: 503, type: OUTCOME_UNKNOWN }), remove)).toBe('unknown');
  });

  it('knows that no coin can be missing where one is added', () => {
    expect(
      failureOf(
        error(404),
        addition('ETH', 1, () => undefined),
      ),
    ).toBe('invalid');
    expect(failureOf(error(404), restoration('ETH', 1, 1))).toBe('invalid');
  });
});

describe('the pause after a refusal', () => {
  it.each([
    [null, 15_000],
    [60, 60_000],
    [1, 5000],
  ])('is what the API asks for, if that is worth showing: %s s', (retryAfter, pause) => {
    expect(pauseMs(error(503, retryAfter))).toBe(pause);
  });
});
