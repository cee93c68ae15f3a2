import { useCallback, useEffect, useState } from 'react';

import { useExchangeLog } from '../../lib/api/exchanges';
import { withEviction, withExchange, type StoryEvent } from './events';

/** What happens to a coin from now on, newest first; an eviction is known to the one who asks for it alone. */
export function useStoryEvents(symbol: string) {
  const log = useExchangeLog();
  const [events, setEvents] = useState<readonly StoryEvent[]>([]);
  useEffect(
    () =>
      log.subscribe(() => {
        const exchange = log.entries().at(-1);
        if (exchange) setEvents((known) => withExchange(known, exchange, `/bitcoins/${symbol}`));
      }),
    [log, symbol],
  );
  const addEviction = useCallback((evicted: boolean) => {
    const now = Date.now();
    setEvents((known) => withEviction(known, evicted, now));
  }, []);
  return { events, addEviction };
}
