import { useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';

import { queryKeys } from './api/keys';

const POLLED = [queryKeys.ranking, queryKeys.cacheReport];

/** Reads at once, also what waits for its next try. */
export async function pollNow(queries: QueryClient, queryKey: QueryKey): Promise<void> {
  await queries.cancelQueries({ queryKey });
  await queries.refetchQueries({ queryKey });
}

/** Reads at once what is polled when the tab is seen again or the network is back, however long the wait would have been. */
export function usePromptPolls(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const poll = () => {
      if (document.visibilityState !== 'visible') return;
      for (const queryKey of POLLED) void pollNow(queries, queryKey);
    };
    document.addEventListener('visibilitychange', poll);
    window.addEventListener('online', poll);
    return () => {
      document.removeEventListener('visibilitychange', poll);
      window.removeEventListener('online', poll);
    };
  }, [queries]);
}
