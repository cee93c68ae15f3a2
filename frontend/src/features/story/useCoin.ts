import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { useAnnounce, useWhisper } from '../../components/Announcer';
import { useCacheReportQuery } from '../../lib/api/cacheReport';
import { useApi } from '../../lib/api/context';
import type { ApiError } from '../../lib/api/errors';
import { queryKeys } from '../../lib/api/keys';
import { usePriceHistory } from '../../lib/history';
import { describeEviction } from './events';

/** Reads happen when someone causes them, so that one sees what caused them; but a network that is back ends an error. */
const ON_DEMAND = {
  retry: false,
  refetchOnReconnect: ({ state }: { state: { status: string } }) =>
    state.status === 'error' ? 'always' : false,
} as const;

/** The coin `symbol`, read when its story is opened, on request, and after writes. */
export function useCoin(symbol: string) {
  const api = useApi();
  const history = usePriceHistory();
  return useQuery({
    ...ON_DEMAND,
    queryKey: [...queryKeys.coin, symbol],
    queryFn: async ({ signal }) => {
      const answer = await api.coin(symbol, signal);
      history.observe([answer.data]);
      return answer;
    },
  });
}

/** What the last read failed with, also while the next one is under way, or null. */
export function useLastError({ error, isSuccess }: ReturnType<typeof useCoin>): ApiError | null {
  const [last, setLast] = useState(error);
  const now = error ?? (isSuccess ? null : last);
  if (now !== last) setLast(now);
  return now;
}

/** The place of a coin that is there. */
export function useRank(symbol: string, enabled: boolean) {
  const api = useApi();
  return useQuery({
    ...ON_DEMAND,
    enabled,
    queryKey: [...queryKeys.coin, symbol, 'rank'],
    queryFn: ({ signal }) => api.rank(symbol, signal),
    select: ({ data }) => data,
  });
}

/** Whether keys may be evicted here. */
export function useMayEvict(): boolean {
  const { data } = useQuery({
    ...useCacheReportQuery(),
    select: (answer) => answer.data.controls,
    staleTime: Infinity,
  });
  return data ?? false;
}

/** Takes the coin out of the cache, for the next read to be a MISS; `onEvict` hears whether it was there. */
export function useEvict(symbol: string, onEvict: (evicted: boolean) => void) {
  const api = useApi();
  const announce = useAnnounce();
  const whisper = useWhisper();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.evict(symbol),
    onSuccess: ({ data: { evicted } }) => {
      onEvict(evicted);
      whisper(describeEviction(evicted));
      void queries.invalidateQueries({ queryKey: queryKeys.cacheReport });
    },
    onError: ({ message }) => {
      announce(`${symbol} was not evicted. ${message}`);
    },
  });
}
