import { useQuery } from '@tanstack/react-query';

import { useCacheReportQuery } from '../../lib/api/cacheReport';
import { useConfig } from '../../lib/config';

/** What the cache did so far, polled while the tab is visible. */
export function useCacheReport() {
  const { pollInterval } = useConfig();
  return useQuery({
    ...useCacheReportQuery(),
    select: ({ data }) => data,
    refetchInterval: pollInterval,
  });
}
