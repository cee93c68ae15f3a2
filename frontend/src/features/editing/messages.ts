import type { ApiError } from '../../lib/api/errors';
import { formatCount } from '../../lib/format';
import type { Change } from './changes';

/** Why editing is off. */
export const REFUSED = 'Writes are refused for now.';

/** What a write led to. */
export function doneMessage(change: Change): string {
  const { purpose, symbol } = change;
  if (purpose === 'delete') return `Deleted ${symbol}.`;
  const price = formatCount(change.price);
  if (purpose === 'add') return `Added ${symbol} at ${price}.`;
  return purpose === 'edit' ? `${symbol} is now at ${price}.` : `${symbol} is back at ${price}.`;
}

/** That a write did not happen, and why. */
export function failedMessage({ purpose, symbol, was }: Change, { message }: ApiError): string {
  if (was !== null) return `${symbol} stays at ${formatCount(was)}: ${message}`;
  return `${symbol} was not ${PARTICIPLE[purpose]}: ${message}`;
}

/** That nobody can say whether a write happened. */
export function unknownMessage({ purpose, symbol }: Change, { message }: ApiError): string {
  return `It is not known whether ${symbol} was ${PARTICIPLE[purpose]}: ${message} The ranking will show it as soon as it can be read.`;
}

/** That someone else wrote first, where what they wrote can't be shown. */
export function unreadMessage({ purpose, symbol }: Change, { message }: ApiError): string {
  return `${symbol} was not ${PARTICIPLE[purpose]}: someone else wrote it first. What it is now could not be read: ${message}`;
}

/** That a form is open where nobody sees it. */
export const hiddenMessage = (symbol: string): string => `Search for ${symbol} to go on editing it.`;

const PARTICIPLE: Record<Change['purpose'], string> = {
  add: 'added',
  edit: 'changed',
  delete: 'deleted',
  restore: 'put back',
};
