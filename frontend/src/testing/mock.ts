import { setupWorker } from 'msw/browser';

import { configHandler, isScenario, Scenarios, type Scenario } from './scenarios';

/** What a test, or a developer at the console, does with the fake API. */
export interface Mock {
  /** From now on, this is what the API is like. */
  use: (scenario: Scenario) => void;
}

declare global {
  interface Window {
    mock?: Mock;
  }
}

/**
 * The page over a fake API, in a browser: `?mock=NAME` says what the API is like, and `window.mock.use` changes that;
 * `?poll=MILLISECONDS` is the time from one poll to the next.
 */
async function begin(): Promise<void> {
  const address = new URLSearchParams(window.location.search);
  const asked = address.get('mock') ?? 'normal';
  if (!isScenario(asked)) throw new Error(`There is no scenario ${asked}`);
  const scenarios = new Scenarios();
  const worker = setupWorker();
  const play = (scenario: Scenario) => {
    worker.resetHandlers(configHandler(Number(address.get('poll') ?? 1000)), ...scenarios.handlers(scenario));
  };
  play(asked);
  window.mock = { use: play };
  await worker.start({ quiet: true, onUnhandledRequest: 'bypass' });
  await import('../main');
}

await begin();
