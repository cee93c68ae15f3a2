import { useInfiniteQuery } from '@tanstack/react-query';

import { useApi } from '../../lib/api/context';
import { queryKeys } from '../../lib/api/keys';
import { useConfig } from '../../lib/config';
import { joinPages, nextOffset } from './pages';

const PAGE_SIZE = 100;

/** The ranking, polled while the tab is visible. */
export function useRanking() {
  const api = useApi();
  const { pollInterval } = useConfig();
  return useInfiniteQuery({
    queryKey: queryKeys.ranking,
    queryFn: ({ pageParam, signal }) => api.ranking(PAGE_SIZE, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    select: ({ pages: [first, ...rest] }) => {
      if (first === undefined) throw new Error('An answered query holds at least one page');
      return joinPages([first, ...rest]);
    },
    refetchInterval: pollInterval,
  });
}

export type RankingQuery = ReturnType<typeof useRanking>;
