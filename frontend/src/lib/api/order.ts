import type { Bitcoin } from './types';

/** The API's order of coins (`bitcoincache_api/http.py`): the highest price first, ties by symbol. */
export function byPrice(a: Bitcoin, b: Bitcoin): number {
  return b.price - a.price || (a.symbol < b.symbol ? -1 : 1);
}
