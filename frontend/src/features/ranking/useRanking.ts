import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';

import type { ApiError } from '../../lib/api/errors';
import { queryKeys } from '../../lib/api/keys';
import type { Origin } from '../../lib/api/origin';
import type { RankedBitcoin } from '../../lib/api/types';
import { usePendingWrites } from '../../lib/api/writes';
import { pollNow } from '../../lib/polling';
import { MAX_COINS, offsetOf, rankCoins, type Page } from './coins';
import { usePages } from './usePages';

/** The ranking as far as it is loaded. */
export interface LoadedRanking {
  coins: RankedBitcoin[];
  /** The symbols of the coins that a write is under way for. */
  pending: ReadonlySet<string>;
  /** How many coins there are in all. */
  total: number;
  /** Where the head came from. */
  origin: Origin;
  /** When the oldest was read of what can't be kept up to date, or else the head: milliseconds since 1970. */
  updatedAt: number;
}

export interface RankingState {
  /** Undefined before the first answer. */
  ranking: LoadedRanking | undefined;
  /** Why it can't be read now; null while it can. It is tried again by itself. */
  failure: ApiError | null;
  retry: () => void;
  /** Tells which coins are on the screen: those are polled at every interval. */
  onSeen: (coins: readonly RankedBitcoin[]) => void;
}

/** The ranking, polled while the tab is visible, with the writes that are under way. */
export function useRanking(): RankingState {
  const queries = useQueryClient();
  const [seen, setSeen] = useState('0');
  const { head, rest, failure, failing } = usePages(useMemo(() => seen.split(',').map(Number), [seen]));
  const { data, dataUpdatedAt } = head;
  const writes = usePendingWrites();
  const pages = useMemo(
    () => [data && { ranking: data.data, answeredAt: dataUpdatedAt }, ...rest],
    [data, dataUpdatedAt, rest],
  );
  const coins = useMemo(() => rankCoins(pages, writes), [pages, writes]);
  const pending = useMemo(() => new Set(writes.map(({ symbol }) => symbol)), [writes]);
  const total = data?.data.total ?? 0;
  useWholeness(pages, pending.size > 0 || coins.length >= Math.min(total, MAX_COINS), dataUpdatedAt);
  return {
    ranking: data && { coins, pending, total, origin: data.origin, updatedAt: oldest(pages, failing) },
    failure,
    retry: useCallback(() => void pollNow(queries, queryKeys.ranking), [queries]),
    onSeen: useCallback((shown) => {
      setSeen([...new Set(shown.map(({ rank }) => offsetOf(rank)))].sort((a, b) => a - b).join());
    }, []),
  };
}

function oldest([head, ...rest]: readonly (Page | undefined)[], failing: readonly number[]): number {
  const stale = rest.filter((page) => page !== undefined && failing.includes(page.ranking.offset));
  return Math.min(...[head, ...stale].map((page) => page?.answeredAt ?? Infinity));
}

/** Reads the pages anew where all are there and hold fewer coins than the newest answer counts: some moved between pages. */
function useWholeness(pages: readonly (Page | undefined)[], isWhole: boolean, updatedAt: number): void {
  const queries = useQueryClient();
  const isLoaded = !pages.includes(undefined);
  useEffect(() => {
    if (isWhole || !isLoaded || pages.length === 1) return;
    void queries.refetchQueries(
      { queryKey: queryKeys.ranking, type: 'active', predicate: ({ queryKey }) => queryKey.at(-1) !== 0 },
      { cancelRefetch: false },
    );
    // Once for each answer that tells, and not for those that this brings.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isLoaded, isWhole, queries, updatedAt]);
}
