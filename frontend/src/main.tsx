import './app/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { ErrorBoundary } from './app/ErrorBoundary';
import { Providers } from './app/Providers';
import { loadConfig } from './lib/config';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');

const config = await loadConfig();
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <Providers config={config}>
        <App />
      </Providers>
    </ErrorBoundary>
  </StrictMode>,
);
