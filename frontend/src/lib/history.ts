import { requiredContext } from './requiredContext';

/** What this page has seen of one coin's price. */
export interface Trace {
  /** The prices seen, each unlike the one before; oldest first, never empty. */
  prices: readonly number[];
  version: number;
}

interface Sighting {
  symbol: string;
  price: number;
  version: number;
}

const KEPT = 24;

/** The prices that this page has seen, by symbol. A trace is never changed, only replaced; its prices stay the same array. */
export class PriceHistory {
  readonly #traces = new Map<string, Trace>();

  /** Notes what an answer said. One that is older than what was seen already, which may come late, says nothing. */
  readonly observe = (coins: readonly Sighting[]): void => {
    for (const { symbol, price, version } of coins) {
      const trace = this.#traces.get(symbol);
      if (trace !== undefined && version <= trace.version) continue;
      const before = trace?.prices ?? [];
      const prices = price === before.at(-1) ? before : [...before.slice(1 - KEPT), price];
      this.#traces.set(symbol, { prices, version });
    }
  };

  readonly of = (symbol: string): Trace | undefined => this.#traces.get(symbol);
}

/** By how much the price differs from the one seen before it, or null where only one was seen. */
export function lastChange(trace: Trace | undefined): { amount: number; share: number | null } | null {
  const [before, now] = trace?.prices.slice(-2) ?? [];
  if (before === undefined || now === undefined) return null;
  return { amount: now - before, share: before === 0 ? null : (now - before) / before };
}

export const [PriceHistoryProvider, usePriceHistory] = requiredContext<PriceHistory>('The price history');
