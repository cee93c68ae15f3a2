import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useId, useMemo, useState, type ReactNode } from 'react';

import { useAnnounce } from '../../components/Announcer';
import { useApi } from '../../lib/api/context';
import type { ApiError } from '../../lib/api/errors';
import { usePriceHistory } from '../../lib/history';
import type { Conflict } from './conflict';
import { ConflictDialog } from './ConflictDialog';
import { EditingContext, type ReadOnly } from './context';
import { Drafts } from './drafts';
import { pauseMs } from './failures';
import { KeptAnswers } from './keptAnswers';
import { REFUSED } from './messages';
import { Writer } from './writer';

/** What the parts that edit share: the page's writes, the forms that are open, whether writes are refused, and conflicts. */
export function EditingProvider({ children }: { children: ReactNode }) {
  const [drafts] = useState(() => new Drafts());
  const reasonId = useId();
  const { readOnly, endReadOnly, onRefusal } = useReadOnly();
  const { conflict, onConflict, onChosen } = useConflicts();
  const writer = useWriter(onConflict, onRefusal);
  const editing = useMemo(
    () => ({ writer, drafts, readOnly, endReadOnly, reasonId }),
    [writer, drafts, readOnly, endReadOnly, reasonId],
  );
  return (
    <EditingContext value={editing}>
      {children}
      <p id={reasonId} hidden>
        {REFUSED}
      </p>
      {conflict !== undefined && (
        <ConflictDialog key={conflict.change.symbol} conflict={conflict} onChosen={onChosen} />
      )}
    </EditingContext>
  );
}

function useWriter(onConflict: (conflict: Conflict) => void, onRefusal: (error: ApiError) => void): Writer {
  const api = useApi();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const history = usePriceHistory();
  return useMemo(
    () =>
      new Writer({
        api,
        queries,
        answers: new KeptAnswers(queries),
        history,
        announce,
        onConflict,
        onRefusal,
      }),
    [api, queries, history, announce, onConflict, onRefusal],
  );
}

/** Writes are refused until a while has passed or someone tries again. */
function useReadOnly() {
  const [readOnly, setReadOnly] = useState<ReadOnly | null>(null);
  useEffect(() => {
    if (readOnly === null) return;
    const timer = setTimeout(() => {
      setReadOnly(null);
    }, readOnly.pauseMs);
    return () => {
      clearTimeout(timer);
    };
  }, [readOnly]);
  const endReadOnly = useCallback(() => {
    setReadOnly(null);
  }, []);
  const onRefusal = useCallback((error: ApiError) => {
    setReadOnly({ detail: error.message, pauseMs: pauseMs(error) });
  }, []);
  return { readOnly, endReadOnly, onRefusal };
}

/** The conflicts that wait for a choice, one of each coin, oldest first. */
function useConflicts() {
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([]);
  const onConflict = useCallback((conflict: Conflict) => {
    const { symbol } = conflict.change;
    setConflicts((all) => [...all.filter(({ change }) => change.symbol !== symbol), conflict]);
  }, []);
  const onChosen = useCallback((chosen: Conflict) => {
    setConflicts((all) => all.filter((conflict) => conflict !== chosen));
  }, []);
  return { conflict: conflicts[0], onConflict, onChosen };
}
