import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';

import { useAnnounce } from '../../components/Announcer';
import type { ApiError } from '../../lib/api/errors';
import { useApi } from '../../lib/api/context';
import { queryKeys } from '../../lib/api/keys';
import type { Bitcoin, NewBitcoin } from '../../lib/api/types';
import { formatCount } from '../../lib/format';

/** Adds a coin. */
export function useAddBitcoin() {
  const api = useApi();
  return useWrite<NewBitcoin>(
    (coin) => api.addBitcoin(coin),
    (coin) => `Added ${coin.symbol} at ${formatCount(coin.price)}.`,
  );
}

/** Sets the price of the coin `symbol`. */
export function useSetPrice({ symbol, version }: Bitcoin) {
  const api = useApi();
  return useWrite<number>(
    (price) => api.setPrice(symbol, price, { version }),
    (price) => `${symbol} is now at ${formatCount(price)}.`,
  );
}

/** Deletes the coin `symbol`; `onDeleted` is called while its row still stands. */
export function useDeleteBitcoin({ symbol, version }: Bitcoin, onDeleted: () => void) {
  const api = useApi();
  return useWrite<undefined>(
    () => api.deleteBitcoin(symbol, { version }).then(onDeleted),
    () => `Deleted ${symbol}.`,
  );
}

/** A write: it is done when what it changed has been read again, and says what came of it. */
function useWrite<T>(
  write: (value: T) => Promise<unknown>,
  done: (value: T) => string,
): UseMutationResult<unknown, ApiError, T> {
  const queries = useQueryClient();
  const announce = useAnnounce();
  const refresh = () =>
    Promise.all(Object.values(queryKeys).map((queryKey) => queries.invalidateQueries({ queryKey })));
  return useMutation({
    mutationFn: write,
    onSuccess: async (_, value) => {
      await refresh();
      announce(done(value));
    },
    onError: (error) => {
      announce(error.message);
      // A refusal often means that the ranking on the page is no longer what it was.
      void refresh();
    },
  });
}
