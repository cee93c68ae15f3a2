import type { Kind } from './answers';

/** What a kind of answer is called, in the legend and beside an answer. */
export const KIND_NAMES: Record<Kind, string> = {
  hit: 'Redis HIT',
  miss: 'Redis MISS',
  bypass: 'Redis BYPASSED',
  write: 'Write',
  failed: 'Failed',
};
