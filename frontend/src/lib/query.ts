import { QueryClient } from '@tanstack/react-query';

import type { ApiError } from './api/errors';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError;
  }
}

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;

/** Milliseconds until a read that failed once more after `failures` times in a row is tried again: twice as long each time. */
export function retryDelay(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** failures, MAX_DELAY_MS);
}

/** Whether asking again may help: no answer, or one that says that the API is not well. */
export function isPassing({ status }: ApiError): boolean {
  return status === null || status >= 500 || status === 408 || status === 429;
}

/** The store of the API's answers. Reads are tried until they succeed, in a tab that is seen. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // `always`, because a machine without a network still reaches a stack on localhost.
      queries: {
        networkMode: 'always',
        // What is polled is read at once by usePromptPolls, also while it waits for its next try.
        refetchOnReconnect: false,
        refetchOnWindowFocus: false,
        retry: (_, error) => isPassing(error),
        retryDelay,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
