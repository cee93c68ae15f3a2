import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { Announcer } from '../components/Announcer';
import type { ApiClient } from '../lib/api/client';
import { ApiProvider } from '../lib/api/context';
import { ConfigProvider, type Config } from '../lib/config';
import { createQueryClient } from '../lib/query';

interface ProvidersProps {
  api: ApiClient;
  config: Config;
  children: ReactNode;
}

/** What every feature may use: the API, the configuration, the answers so far, the announcer. */
export function Providers({ api, config, children }: ProvidersProps) {
  const [queries] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider value={api}>
        <ConfigProvider value={config}>
          <Announcer>{children}</Announcer>
        </ConfigProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}
