import { QueryClient } from '@tanstack/react-query';

import type { ApiError } from './api/errors';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError;
  }
}

/** The store of the API's answers. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The next poll is the retry. `always`, because a machine without a network still reaches a stack on localhost.
      queries: { retry: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
