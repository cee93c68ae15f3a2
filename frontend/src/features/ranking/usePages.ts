import { useQueries, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';

import type { Answer } from '../../lib/api/client';
import { useApi } from '../../lib/api/context';
import { ApiError } from '../../lib/api/errors';
import { queryKeys } from '../../lib/api/keys';
import type { Ranking } from '../../lib/api/types';
import { useConfig } from '../../lib/config';
import { usePriceHistory } from '../../lib/history';
import { HEAD_SIZE, REST_SIZE, restOffsets, type Page } from './coins';

/** Pages of which no coin is on the screen are read once in so many polls. */
const UNSEEN_PACE = 6;

type PageResult = UseQueryResult<Answer<Ranking>>;

interface Pages {
  head: PageResult;
  /** Those after the head, as far as they are loaded. */
  rest: (Page | undefined)[];
  /** Why a page can't be read now, until it can; null while all can. */
  failure: ApiError | null;
  /** The offsets of the pages that can't. */
  failing: readonly number[];
}

/** The ranking's pages: the head first, for it comes from the cache. Those at the offsets `seen` are polled at every interval. */
export function usePages(seen: readonly number[]): Pages {
  const { pollInterval } = useConfig();
  const [failures, setFailures] = useState<ReadonlyMap<number, ApiError>>(new Map());
  const page = usePageQuery(
    useCallback((offset: number, error: ApiError | null) => {
      setFailures((old) => (error === null && !old.has(offset) ? old : withFailure(old, offset, error)));
    }, []),
  );
  const head = useQuery({ ...page(HEAD_SIZE, 0), refetchInterval: pollInterval });
  const offsets = restOffsets(head.data?.data.total ?? 0);
  const rest = useQueries({
    queries: offsets.map((offset) => ({
      ...page(REST_SIZE, offset),
      refetchInterval: seen.includes(offset) ? pollInterval : pollInterval * UNSEEN_PACE,
    })),
    combine: toPages,
  });
  useFreshness(seen, pollInterval);
  const failing = [0, ...offsets].filter((offset) => failures.has(offset));
  return { head, rest, failure: failures.get(failing[0] ?? -1) ?? null, failing };
}

function withFailure(failures: ReadonlyMap<number, ApiError>, offset: number, error: ApiError | null) {
  const changed = new Map(failures);
  if (error === null) changed.delete(offset);
  else changed.set(offset, error);
  return changed;
}

function usePageQuery(onRead: (offset: number, error: ApiError | null) => void) {
  const api = useApi();
  const history = usePriceHistory();
  return (limit: number, offset: number) => ({
    queryKey: [...queryKeys.ranking, offset],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      try {
        const answer = await api.ranking(limit, offset, signal);
        history.observe(answer.data.items);
        onRead(offset, null);
        return answer;
      } catch (error) {
        if (error instanceof ApiError) onRead(offset, error);
        throw error;
      }
    },
  });
}

const toPages = (results: PageResult[]): (Page | undefined)[] =>
  results.map(({ data, dataUpdatedAt }) => data && { ranking: data.data, answeredAt: dataUpdatedAt });

/** Reads a page at once that comes on the screen and is older than a poll. */
function useFreshness(seen: readonly number[], pollInterval: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    void queries.refetchQueries(
      {
        queryKey: queryKeys.ranking,
        type: 'active',
        predicate: ({ queryKey, state }) =>
          seen.some((offset) => offset === queryKey.at(-1)) &&
          state.data !== undefined &&
          Date.now() - state.dataUpdatedAt > pollInterval,
      },
      { cancelRefetch: false },
    );
  }, [pollInterval, queries, seen]);
}
