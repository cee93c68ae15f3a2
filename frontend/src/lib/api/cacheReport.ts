import { queryOptions } from '@tanstack/react-query';

import { useApi } from './context';
import { queryKeys } from './keys';

/** How the cache report is read; whoever uses it says how often. */
export function useCacheReportQuery() {
  const api = useApi();
  return queryOptions({
    queryKey: queryKeys.cacheReport,
    queryFn: ({ signal }) => api.cacheReport(signal),
  });
}
