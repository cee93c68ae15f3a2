import { useQuery } from '@tanstack/react-query';

import { useApi } from '../../lib/api/context';
import { queryKeys } from '../../lib/api/keys';
import { useConfig } from '../../lib/config';

/** What the cache did so far, polled while the tab is visible. */
export function useCacheReport() {
  const api = useApi();
  const { pollInterval } = useConfig();
  return useQuery({
    queryKey: queryKeys.cacheReport,
    queryFn: ({ signal }) => api.cacheReport(signal),
    select: ({ data }) => data,
    refetchInterval: pollInterval,
  });
}
