import './app/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { ErrorBoundary } from './app/ErrorBoundary';
import { Providers } from './app/Providers';
import { DEFAULT_CONFIG, loadConfig, type Config } from './lib/config';

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no element #root');
const root = createRoot(element);

function show(config: Config): void {
  root.render(
    <StrictMode>
      <ErrorBoundary>
        <Providers config={config}>
          <App />
        </Providers>
      </ErrorBoundary>
    </StrictMode>,
  );
}

// The first answers need no configuration, and so don't wait for it.
show(DEFAULT_CONFIG);
show(await loadConfig());
