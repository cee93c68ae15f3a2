import { useEffect, useState } from 'react';

import { useExchangeLog } from '../../lib/api/exchanges';
import { withExchange, type StoryEvent } from './events';

/** What happens to a coin from now on, newest first. */
export function useStoryEvents(symbol: string): readonly StoryEvent[] {
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
  return events;
}
