import { OUTCOME_NAMES } from '../../lib/api/describe';
import type { Kind } from './answers';

/** What a kind of answer is called, in the legend and beside an answer. */
export const KIND_NAMES: Record<Kind, string> = {
  ...OUTCOME_NAMES,
  write: 'Write',
  failed: 'Failed',
};
