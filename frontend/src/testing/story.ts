import { screen, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';

import { renderApp } from './page';

/** The whole page at the address of a coin's story. */
export function openStory(symbol: string): UserEvent {
  window.history.replaceState(null, '', `/?coin=${encodeURIComponent(symbol)}`);
  return renderApp();
}

/** What the story with this title says. */
export const story = (name: string) => within(screen.getByRole('dialog', { name }));

/** What happened in BTC's story, newest first. */
export const events = () =>
  story('BTC')
    .queryAllByText(/^(\d+ · |Evicted)/)
    .map(({ textContent }) => textContent);

/** Clicks a button as soon as it is there. */
export async function press(user: UserEvent, name: string) {
  await user.click(await screen.findByRole('button', { name }));
}
