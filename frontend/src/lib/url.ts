import { useMemo, useSyncExternalStore } from 'react';

import { Listeners } from './listeners';

const listeners = new Listeners();

function subscribe(listener: () => void): () => void {
  const leave = listeners.subscribe(listener);
  window.addEventListener('popstate', listener);
  return () => {
    leave();
    window.removeEventListener('popstate', listener);
  };
}

/** What the page's address says after the question mark; renders anew when that changes. */
export function useUrlParams(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** Sets parameters of the page's address, or removes those that are null; the way back skips this state. */
export function replaceUrlParams(changes: Record<string, string | null>): void {
  window.history.replaceState(window.history.state, '', changed(changes));
  listeners.tell();
}

/** As `replaceUrlParams`, and `undoUrlParams` or the browser's Back undoes it. */
export function pushUrlParams(changes: Record<string, string | null>): void {
  window.history.pushState(PUSHED, '', changed(changes));
  listeners.tell();
}

/** Goes back to before `pushUrlParams`; where the address was opened as it is, removes the parameters instead. */
export function undoUrlParams(...names: string[]): void {
  if (isPushed(window.history.state)) window.history.back();
  else replaceUrlParams(Object.fromEntries(names.map((name) => [name, null])));
}

const PUSHED = { isPushed: true };

function isPushed(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isPushed' in state;
}

function changed(changes: Record<string, string | null>): URL {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}
