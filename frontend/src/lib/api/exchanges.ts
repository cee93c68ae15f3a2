import { useSyncExternalStore } from 'react';

import { requiredContext } from '../requiredContext';
import type { Origin } from './origin';

/** One request and what came of it. */
export interface Exchange {
  /** Counts the page's requests, from 1. */
  id: number;
  method: string;
  /** Below the API's prefix, with its query: `/bitcoins/BTC`. */
  path: string;
  /** When the answer came, or was given up: milliseconds since 1970. */
  at: number;
  /** Null where no answer came. */
  status: number | null;
  origin: Origin;
}

const KEPT = 120;

/** The last requests of this page, newest last. */
export class ExchangeLog {
  #entries: readonly Exchange[] = [];
  #count = 0;
  readonly #listeners = new Set<() => void>();

  readonly record = (exchange: Omit<Exchange, 'id'>): void => {
    this.#count += 1;
    this.#entries = [...this.#entries.slice(1 - KEPT), { id: this.#count, ...exchange }];
    this.#listeners.forEach((listener) => {
      listener();
    });
  };

  /** The same array until another request is recorded. */
  readonly entries = (): readonly Exchange[] => this.#entries;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export const [ExchangesProvider, useExchangeLog] = requiredContext<ExchangeLog>('The log of exchanges');

/** The last requests of this page, newest last; renders anew with each. */
export function useExchanges(): readonly Exchange[] {
  const log = useExchangeLog();
  return useSyncExternalStore(log.subscribe, log.entries);
}
