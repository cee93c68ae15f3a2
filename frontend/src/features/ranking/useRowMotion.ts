import { useLayoutEffect, useRef, type RefObject } from 'react';

import { useMediaQuery } from '../../lib/hooks';
import type { PlacedRow } from './useWindowedRows';

const MOVE: KeyframeAnimationOptions = { duration: 450, easing: 'cubic-bezier(0.2, 0, 0, 1)' };
const TINT: KeyframeAnimationOptions = { duration: 1600, easing: 'ease-out' };

interface Shown {
  /** What the rows are arranged by: rows that move because that changed don't show it. */
  arrangement: string;
  places: ReadonlyMap<string, PlacedRow>;
}

/** Lets rows glide to where a new price puts them, and tints them for a moment (FLIP, Paul Lewis 2015). */
export function useRowMotion(
  body: RefObject<HTMLElement>,
  rows: readonly PlacedRow[],
  arrangement: string,
): void {
  const shown = useRef<Shown | null>(null);
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = { arrangement, places: new Map(rows.map((row) => [row.coin.symbol, row])) };
    if (before?.arrangement !== arrangement || isStill) return;
    for (const element of body.current?.querySelectorAll<HTMLElement>('[data-symbol]') ?? []) {
      const symbol = element.dataset.symbol ?? '';
      const [old, now] = [before.places.get(symbol), shown.current.places.get(symbol)];
      if (old !== undefined && now !== undefined) show(element, old, now);
    }
  }, [arrangement, body, isStill, rows]);
}

function show(element: HTMLElement, old: PlacedRow, now: PlacedRow): void {
  if (old.top !== now.top) element.animate({ translate: [`0 ${old.top - now.top}px`, '0 0'] }, MOVE);
  if (old.coin.price === now.coin.price) return;
  const tint = now.coin.price > old.coin.price ? 'var(--tint-up)' : 'var(--tint-down)';
  element.animate({ backgroundColor: [tint, 'transparent'] }, TINT);
}
