/** The API's own rules for a coin (`bitcoincache_api/http.py`), said before it has to. */

const MAX_PRICE = 2_147_483_647;

/** Upper-case, as the API stores it. */
export const normalSymbol = (text: string): string => text.trim().toUpperCase();

/** What is wrong with a symbol, or null. */
export function symbolProblem(text: string): string | null {
  return /^[A-Z0-9]{1,10}$/.test(normalSymbol(text)) ? null : 'Use 1 to 10 letters and digits, such as BTC.';
}

/** What is wrong with a price, or null. */
export function priceProblem(text: string): string | null {
  if (!/^\d+$/.test(text.trim())) return 'Use a whole number, such as 43000.';
  return Number(text) <= MAX_PRICE ? null : 'Use at most 2147483647.';
}
