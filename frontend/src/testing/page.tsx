import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { http } from 'msw';
import { expect } from 'vitest';

import { App } from '../app/App';
import { Providers } from '../app/Providers';
import type { Config } from '../lib/config';
import { createFakeApi, type FakeApi } from './fakeApi';
import { server } from './server';

/** Polls come too late for a test to see one. */
const UNPOLLED: Config = { pollInterval: 3_600_000 };

/** From now on, the test's server is an API that holds one coin for each entry of `prices`. */
export function serve(prices: Record<string, number>): FakeApi {
  const api = createFakeApi(prices);
  server.use(...api.handlers);
  return api;
}

/** The whole page against whatever the test's server answers, and a person to use it. */
export function renderApp(config: Config = UNPOLLED): UserEvent {
  render(
    <Providers config={config}>
      <App />
    </Providers>,
  );
  return userEvent.setup();
}

/** The ranking as it stands on the page: one text a row that is on the screen. */
export const rows = (): string[] =>
  [...document.querySelectorAll('[role=row][data-symbol]')].map((row) => row.textContent);

/** The same, as soon as there is a ranking. */
export async function loadedRows(): Promise<string[]> {
  await screen.findByRole('table');
  return rows();
}

/** How many coins the ranking lists, on the screen or not. */
export const listed = (): number => Number(screen.getByRole('table').getAttribute('aria-rowcount')) - 1;

/** The row of one coin. */
export function row(symbol: string) {
  const found = document.querySelector<HTMLElement>(`[data-symbol="${symbol}"]`);
  if (found === null) throw new Error(`There is no row of ${symbol}`);
  return within(found);
}

/** What the page's live region says. */
export const announced = (): string => screen.getByRole('status').textContent;

/** Waits until the live region says `text`. */
export async function hear(text: string): Promise<void> {
  await waitFor(() => {
    expect(announced()).toBe(text);
  });
}

/** Keeps the answers to writes from now on, until `release`; `sent` are their methods. */
export function holdWrites(): { sent: string[]; release: () => void } {
  const sent: string[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const holding = http.all(/\/api\/v1\/bitcoins/, async ({ request: { method } }) => {
    if (method === 'GET') return;
    sent.push(method);
    await released;
  });
  server.use(holding);
  return {
    sent,
    release: () => {
      release();
    },
  };
}
