import { useLayoutEffect, useMemo, useState, type RefObject } from 'react';

import type { RankedBitcoin } from '../../lib/api/types';
import { useMediaQuery, useRootFontSize } from '../../lib/hooks';
import { indexesOf, rowWindow, type RowWindow } from './rowWindow';

/** Heights of a row, and of a card with the gap below it, in rem: as RankingTable.module.css has them. */
const ROW_HEIGHT = 3.25;
const CARD_HEIGHT = 7;
/** Paper has no window: so many rows are printed. */
export const PRINTED = 1000;

export interface PlacedRow {
  coin: RankedBitcoin;
  /** From 0, among all rows. */
  index: number;
  /** Pixels from the first row's upper edge. */
  top: number;
}

interface WindowedRows {
  rows: readonly PlacedRow[];
  /** Pixels of all rows. */
  height: number;
}

/** The rows on the screen, and the one at `kept` wherever it is: what has the focus must not leave the document. */
export function useWindowedRows(
  body: RefObject<HTMLElement>,
  coins: readonly RankedBitcoin[],
  kept: number | null,
): WindowedRows {
  const rowHeight = useRootFontSize() * (useMediaQuery('(max-width: 40rem)') ? CARD_HEIGHT : ROW_HEIGHT);
  const isPrinting = useMediaQuery('print');
  const count = isPrinting ? Math.min(coins.length, PRINTED) : coins.length;
  const { first, end } = useRowWindow(body, rowHeight, count);
  return useMemo(() => {
    const window = isPrinting ? { first: 0, end: count } : { first, end };
    const rows = indexesOf(window, kept).flatMap((index) => {
      const coin = coins[index];
      return coin === undefined ? [] : [{ coin, index, top: index * rowHeight }];
    });
    return { rows, height: count * rowHeight };
  }, [coins, count, end, first, isPrinting, kept, rowHeight]);
}

function useRowWindow(body: RefObject<HTMLElement>, rowHeight: number, count: number): RowWindow {
  const [seen, setSeen] = useState<RowWindow>({ first: 0, end: 0 });
  useLayoutEffect(
    () =>
      // Asked when the layout is as it was painted: asked while rendering, it would have to be made anew for the answer.
      onLayout(() => {
        const top = body.current?.getBoundingClientRect().top ?? 0;
        const now = rowWindow(top, window.innerHeight, rowHeight, count);
        setSeen((old) => (old.first === now.first && old.end === now.end ? old : now));
      }),
    [body, rowHeight, count],
  );
  return seen;
}

/** Calls at once, on scrolling, and on whatever else moves the rows on the screen. */
function onLayout(listener: () => void): () => void {
  const resizes = new ResizeObserver(listener);
  resizes.observe(document.body);
  window.addEventListener('scroll', listener, { passive: true });
  window.addEventListener('resize', listener);
  listener();
  return () => {
    resizes.disconnect();
    window.removeEventListener('scroll', listener);
    window.removeEventListener('resize', listener);
  };
}
