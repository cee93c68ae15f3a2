import { useEffect, useLayoutEffect, useState, type RefObject } from 'react';

import type { RankedBitcoin } from '../../lib/api/types';

interface Focused {
  symbol: string;
  index: number;
}

/**
 * The index of the row that has the focus, from 0, or null. Where that row goes away, the one in its place gets the focus;
 * where all rows do, `fallback` does.
 */
export function useKeptFocus(
  body: RefObject<HTMLElement>,
  coins: readonly RankedBitcoin[],
  fallback: RefObject<HTMLElement>,
): number | null {
  const [focused, setFocused] = useState<Focused | null>(null);
  const found = focused === null ? -1 : indexOf(coins, focused);
  if (focused !== null && found !== -1 && found !== focused.index) setFocused({ ...focused, index: found });
  useEffect(() => (body.current === null ? undefined : followFocus(body.current, setFocused)), [body]);
  useLayoutEffect(() => {
    const [rows, refuge] = [body.current, fallback.current];
    return () => {
      if (rows?.contains(document.activeElement)) refuge?.focus();
    };
  }, [body, fallback]);
  useEffect(() => {
    if (focused !== null && found === -1 && document.activeElement === document.body) {
      rowAt(body.current, Math.min(focused.index, coins.length - 1))
        ?.querySelector('button')
        ?.focus();
    }
  }, [body, coins, focused, found]);
  return found === -1 ? null : found;
}

function followFocus(body: HTMLElement, setFocused: (focused: Focused | null) => void): () => void {
  const onFocusIn = ({ target }: FocusEvent) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-symbol]') : null;
    const symbol = row?.dataset.symbol;
    if (symbol !== undefined) setFocused({ symbol, index: Number(row?.getAttribute('aria-rowindex')) - 2 });
  };
  const onFocusOut = ({ target, relatedTarget }: FocusEvent) => {
    // A dialog gives the focus back: its row is kept until then.
    if (relatedTarget instanceof Element && relatedTarget.closest('dialog') !== null) return;
    // What leaves the document takes the focus along, and is not left by it. That is known once the page has changed.
    queueMicrotask(() => {
      if (target instanceof Element && target.isConnected && !body.contains(document.activeElement))
        setFocused(null);
    });
  };
  body.addEventListener('focusin', onFocusIn);
  body.addEventListener('focusout', onFocusOut);
  return () => {
    body.removeEventListener('focusin', onFocusIn);
    body.removeEventListener('focusout', onFocusOut);
  };
}

/** Looked for where it was at first, for there are thousands, and it rarely moves. */
function indexOf(coins: readonly RankedBitcoin[], { symbol, index }: Focused): number {
  return coins[index]?.symbol === symbol ? index : coins.findIndex((coin) => coin.symbol === symbol);
}

function rowAt(body: HTMLElement | null, index: number): Element | null {
  return body?.querySelector(`[aria-rowindex="${index + 2}"]`) ?? null;
}
