import { useSyncExternalStore } from 'react';

import { requiredContext } from '../../lib/requiredContext';
import type { Draft, Drafts } from './drafts';
import type { Writer } from './writer';

/** Writes are refused for now. */
export interface ReadOnly {
  /** The API's own words. */
  detail: string;
  pauseMs: number;
}

interface Editing {
  writer: Writer;
  drafts: Drafts;
  /** Null where writes are taken, as far as the page knows. */
  readOnly: ReadOnly | null;
  endReadOnly: () => void;
  /** The element that says why editing is off. */
  reasonId: string;
}

export const [EditingContext, useEditing] = requiredContext<Editing>('Editing');

/** The open form for the price of a coin, or undefined. */
export function useDraft(symbol: string): Draft | undefined {
  const { drafts } = useEditing();
  return useSyncExternalStore(drafts.subscribe, () => drafts.of(symbol));
}
