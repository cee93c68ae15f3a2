import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { defineConfig, mergeConfig, type Plugin } from 'vite';

import config from './vite.config.ts';

const ENTRY = '/src/main.tsx';
const MOCK_ENTRY = '/src/testing/mock.ts';
const WORKER_URL = '/mockServiceWorker.js';
const WORKER = createRequire(import.meta.url).resolve('msw/mockServiceWorker.js');

/** The page begins with the fake API, and the service worker that leads to it lies beside the page. */
function mocked(): Plugin {
  return {
    name: 'mocked',
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        if (!html.includes(ENTRY)) throw new Error(`index.html does not begin with ${ENTRY}`);
        return html.replace(ENTRY, MOCK_ENTRY);
      },
    },
    configureServer({ middlewares }) {
      middlewares.use(WORKER_URL, (_, response) => {
        response.setHeader('Content-Type', 'text/javascript');
        createReadStream(WORKER).pipe(response);
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: WORKER_URL.slice(1), source: readFileSync(WORKER) });
    },
  };
}

/** The page on a fake API: for a look at each of its states without a backend, and for tests/page. */
export default mergeConfig(config, defineConfig({ plugins: [mocked()], server: { port: 5174 } }));
