import type { ApiError } from '../../lib/api/errors';
import { OUTCOME_UNKNOWN } from '../../lib/api/rules';
import type { Change } from './changes';

/**
 * What a write's error means:
 * - `conflict`: someone else wrote first;
 * - `refused`: no write is taken for now, whatever it says;
 * - `unknown`: it may or may not have happened;
 * - `invalid`: it did not happen, and would not if it were sent again.
 */
export type Failure = 'conflict' | 'refused' | 'unknown' | 'invalid';

export function failureOf({ status, type }: ApiError, { purpose }: Change): Failure {
  if (type === OUTCOME_UNKNOWN) return 'unknown';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 404 && (purpose === 'edit' || purpose === 'delete')) return 'conflict';
  if (status === 403 || status === 405 || status === 503) return 'refused';
  return status !== null && status >= 400 && status < 500 ? 'invalid' : 'unknown';
}

const PAUSE_SECONDS = 15;
/** A shorter pause would only flash by. */
const MIN_PAUSE_SECONDS = 5;

/** Milliseconds until writes are worth another try after one was refused. */
export function pauseMs({ retryAfter }: ApiError): number {
  return 1000 * Math.max(MIN_PAUSE_SECONDS, retryAfter ?? PAUSE_SECONDS);
}
