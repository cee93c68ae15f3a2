import type { Bitcoin } from '../../lib/api/types';
import { formatCount } from '../../lib/format';
import { deletion, edit, restoration, seenAs, type Change } from './changes';

/** A write that someone else's came before, and the coin as that left it: null where it was deleted. */
export interface Conflict {
  change: Change;
  current: Bitcoin | null;
}

/** A conflict in words. */
export interface Choice {
  title: string;
  /** What one would store, as one value. */
  yours: string;
  keep: string;
  insist: string;
}

/** What to say where both want the same, so that there is nothing to choose; else null. */
export function agreement({ change, current }: Conflict): string | null {
  const { symbol } = change;
  if (change.kind === 'delete') return current === null ? `${symbol} was deleted already.` : null;
  return current?.price === change.price ? `${symbol} is at ${formatCount(change.price)} already.` : null;
}

export function choiceOf({ change, current }: Conflict): Choice {
  const title = titleOf(change, current);
  const theirs = current === null ? '' : formatCount(current.price);
  if (change.kind === 'delete') {
    return { title, yours: 'Deleted', keep: `Keep it at ${theirs}`, insist: 'Delete it anyway' };
  }
  const yours = formatCount(change.price);
  return current === null
    ? { title, yours, keep: 'Leave it deleted', insist: `Add it again at ${yours}` }
    : { title, yours, keep: `Keep ${theirs}`, insist: `Set to ${yours}` };
}

function titleOf({ purpose, symbol }: Change, current: Bitcoin | null): string {
  if (current === null) return `${symbol} was deleted meanwhile`;
  if (purpose === 'add') return `${symbol} exists already`;
  if (purpose === 'restore') return `${symbol} was added again meanwhile`;
  return purpose === 'edit' ? `${symbol} was changed meanwhile` : `${symbol} was changed since you saw it`;
}

/** What choosing theirs comes to. */
export function keptMessage({ change: { symbol }, current }: Conflict): string {
  return current === null ? `${symbol} stays deleted.` : `${symbol} stays at ${formatCount(current.price)}.`;
}

/** The write that stands by one's own. It replaces what the conflict showed and nothing newer. */
export function insistence({ change, current }: Conflict): Change {
  if (change.kind === 'delete') return current === null ? change : deletion(seenAs(current));
  return current === null
    ? restoration(change.symbol, change.price, change.version)
    : edit(seenAs(current), change.price, change.recover);
}
