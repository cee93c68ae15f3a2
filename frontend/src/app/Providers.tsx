import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { Announcer } from '../components/Announcer';
import { createApiClient } from '../lib/api/client';
import { ApiProvider } from '../lib/api/context';
import { ExchangeLog, ExchangesProvider } from '../lib/api/exchanges';
import { ConfigProvider, type Config } from '../lib/config';
import { PriceHistory, PriceHistoryProvider } from '../lib/history';
import { createQueryClient } from '../lib/query';

interface ProvidersProps {
  config: Config;
  children: ReactNode;
}

/** What every feature may use: the API and what it said so far, the configuration, the announcer. */
export function Providers({ config, children }: ProvidersProps) {
  const [queries] = useState(createQueryClient);
  const [exchanges] = useState(() => new ExchangeLog());
  const [api] = useState(() => createApiClient(exchanges.record));
  const [history] = useState(() => new PriceHistory());
  return (
    <QueryClientProvider client={queries}>
      <ExchangesProvider value={exchanges}>
        <ApiProvider value={api}>
          <ConfigProvider value={config}>
            <PriceHistoryProvider value={history}>
              <Announcer>{children}</Announcer>
            </PriceHistoryProvider>
          </ConfigProvider>
        </ApiProvider>
      </ExchangesProvider>
    </QueryClientProvider>
  );
}
