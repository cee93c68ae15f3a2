import { useEffect, useState } from 'react';

import { Listeners } from '../listeners';
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
  /** Null where no answer came, or one that is not the API's. */
  status: number | null;
  origin: Origin;
}

const KEPT = 120;

/** The last requests of this page, newest last. */
export class ExchangeLog {
  #entries: readonly Exchange[] = [];
  #count = 0;
  readonly #listeners = new Listeners();

  readonly record = (exchange: Omit<Exchange, 'id'>): void => {
    this.#count += 1;
    this.#entries = [...this.#entries.slice(1 - KEPT), { id: this.#count, ...exchange }];
    this.#listeners.tell();
  };

  /** The same array until another request is recorded. */
  readonly entries = (): readonly Exchange[] => this.#entries;

  readonly subscribe = this.#listeners.subscribe;
}

export const [ExchangesProvider, useExchangeLog] = requiredContext<ExchangeLog>('The log of exchanges');

const CALM_MS = 250;

/** The last requests of this page, newest last, a moment late: many at once render once. */
export function useExchanges(): readonly Exchange[] {
  const log = useExchangeLog();
  const [entries, setEntries] = useState(log.entries);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const update = () => {
      timer = null;
      setEntries(log.entries());
    };
    const wait = () => {
      timer ??= setTimeout(update, CALM_MS);
    };
    const leave = log.subscribe(wait);
    wait();
    return () => {
      leave();
      if (timer !== null) clearTimeout(timer);
    };
  }, [log]);
  return entries;
}
