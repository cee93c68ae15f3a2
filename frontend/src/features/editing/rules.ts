import { MAX_PRICE, SYMBOL_PATTERN } from '../../lib/api/rules';

/**
 * The API's own rules for a coin, said before it has to. Typing on never makes right what is wrong, but for what is
 * empty: so a problem may be shown with the character that makes it.
 */

const symbolPattern = new RegExp(SYMBOL_PATTERN);

/** Upper-case and without spaces around it, as the API stores it. */
export const normalSymbol = (text: string): string => text.trim().toUpperCase();

export const isEmpty = (text: string): boolean => text.trim() === '';

/** What to do about a symbol, or null where it may be stored. */
export function symbolProblem(text: string): string | null {
  const symbol = text.trim();
  if (symbolPattern.test(symbol)) return null;
  if (symbol === '') return 'Type a symbol, such as BTC.';
  const isTooLong = Array.from(symbol).every((character) => symbolPattern.test(character));
  return isTooLong ? 'Use at most 10 letters and digits.' : 'Use letters and digits only, such as BTC.';
}

/** What to do about a price, or null where it may be stored. */
export function priceProblem(text: string): string | null {
  const price = text.trim();
  if (price === '') return 'Type a price, such as 43000.';
  if (!/^\d+$/.test(price)) return 'Use a whole number, such as 43000.';
  return Number(price) <= MAX_PRICE ? null : `Use at most ${MAX_PRICE}.`;
}
