import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

import { completeBrowser } from './browser';
import { server } from './server';

// A machine with other work to do is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });

beforeAll(() => {
  completeBrowser();
  server.listen({ onUnhandledRequest: 'error' });
});
beforeEach(() => {
  window.history.replaceState(null, '', '/');
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});
