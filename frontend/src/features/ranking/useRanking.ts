import { useQueries, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';

import type { Answer } from '../../lib/api/client';
import { useApi } from '../../lib/api/context';
import type { ApiError } from '../../lib/api/errors';
import { queryKeys } from '../../lib/api/keys';
import type { Origin } from '../../lib/api/origin';
import type { RankedBitcoin, Ranking } from '../../lib/api/types';
import { usePendingWrites } from '../../lib/api/writes';
import { useConfig } from '../../lib/config';
import { usePriceHistory } from '../../lib/history';
import { pollNow } from '../../lib/polling';
import { HEAD_SIZE, MAX_COINS, offsetOf, rankCoins, REST_SIZE, restOffsets, type Page } from './coins';

/** Pages of which no coin is on the screen are read once in so many polls. */
const UNSEEN_PACE = 6;

/** The ranking as far as it is loaded. */
export interface LoadedRanking {
  coins: RankedBitcoin[];
  /** The symbols of the coins that a write is under way for. */
  pending: ReadonlySet<string>;
  /** How many coins there are in all. */
  total: number;
  /** Where the head came from. */
  origin: Origin;
  /** When the head was last read, in milliseconds since 1970. */
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

/** The ranking, polled while the tab is visible: the head first, for it comes from the cache, then page after page. */
export function useRanking(): RankingState {
  const queries = useQueryClient();
  const { pollInterval } = useConfig();
  const [seen, setSeen] = useState('');
  const page = usePageQuery();
  const head = useQuery({ ...page(HEAD_SIZE, 0), refetchInterval: pollInterval });
  const seenOffsets = new Set(seen.split(','));
  const rest = useQueries({
    queries: restOffsets(head.data?.data.total ?? 0).map((offset) => ({
      ...page(REST_SIZE, offset),
      refetchInterval: seenOffsets.has(String(offset)) ? pollInterval : pollInterval * UNSEEN_PACE,
    })),
    combine: combined,
  });
  const ranking = useLoadedRanking(head, rest.pages);
  useWholeness(ranking);
  return {
    ranking,
    failure: head.failureReason ?? head.error ?? rest.failure,
    retry: useCallback(() => void pollNow(queries, queryKeys.ranking), [queries]),
    onSeen: useCallback((coins) => {
      setSeen([...new Set(coins.map(({ rank }) => offsetOf(rank)))].sort((a, b) => a - b).join());
    }, []),
  };
}

type PageResult = UseQueryResult<Answer<Ranking>>;

function usePageQuery() {
  const api = useApi();
  const history = usePriceHistory();
  return (limit: number, offset: number) => ({
    queryKey: [...queryKeys.ranking, offset],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const answer = await api.ranking(limit, offset, signal);
      history.observe(answer.data.items);
      return answer;
    },
  });
}

const combined = (results: PageResult[]): { pages: (Page | undefined)[]; failure: ApiError | null } => ({
  pages: results.map(toPage),
  failure: results.find(({ failureReason }) => failureReason !== null)?.failureReason ?? null,
});

const toPage = ({ data, dataUpdatedAt }: PageResult): Page | undefined =>
  data && { ranking: data.data, answeredAt: dataUpdatedAt };

function useLoadedRanking(head: PageResult, rest: (Page | undefined)[]): LoadedRanking | undefined {
  const { data, dataUpdatedAt } = head;
  const writes = usePendingWrites();
  const coins = useMemo(
    () => data && rankCoins([{ ranking: data.data, answeredAt: dataUpdatedAt }, ...rest], writes),
    [data, dataUpdatedAt, rest, writes],
  );
  const pending = useMemo(() => new Set(writes.map(({ symbol }) => symbol)), [writes]);
  if (data === undefined || coins === undefined) return undefined;
  return { coins, pending, total: data.data.total, origin: data.origin, updatedAt: dataUpdatedAt };
}

/** Reads all pages anew where their coins are not as many as the newest answer counts: some came or went, or moved between pages. */
function useWholeness(ranking: LoadedRanking | undefined): void {
  const queries = useQueryClient();
  const { updatedAt, total = 0 } = ranking ?? {};
  const isWhole =
    ranking === undefined || ranking.pending.size > 0 || ranking.coins.length >= Math.min(total, MAX_COINS);
  useEffect(() => {
    if (!isWhole && total > HEAD_SIZE) {
      void queries.refetchQueries(
        {
          queryKey: queryKeys.ranking,
          predicate: ({ queryKey, state }) => queryKey.at(-1) !== 0 && state.data !== undefined,
        },
        { cancelRefetch: false },
      );
    }
  }, [isWhole, queries, total, updatedAt]);
}
