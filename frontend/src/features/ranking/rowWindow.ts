/** Rows beyond the screen's edges, so that Tab and fast scrolling find them there. */
const OVERSCAN = 8;
/** The window moves by so many rows at once: scrolling by less renders nothing. */
const STEP = 4;

/** Which rows are in the document: from `first` to before `end`, counted from 0. */
export interface RowWindow {
  first: number;
  end: number;
}

/** The rows that a screen of `screenHeight` shows of `count` rows of `rowHeight` whose upper edge is at `top` on it, in pixels. */
export function rowWindow(top: number, screenHeight: number, rowHeight: number, count: number): RowWindow {
  const first = Math.floor((-top / rowHeight - OVERSCAN) / STEP) * STEP;
  const end = Math.ceil(((screenHeight - top) / rowHeight + OVERSCAN) / STEP) * STEP;
  return { first: Math.max(Math.min(first, count), 0), end: Math.max(Math.min(end, count), 0) };
}

/** The indexes in `window`, and `kept` wherever it is, in order. */
export function indexesOf({ first, end }: RowWindow, kept: number | null): number[] {
  const indexes = Array.from({ length: end - first }, (_, row) => first + row);
  if (kept === null || (kept >= first && kept < end)) return indexes;
  return kept < first ? [kept, ...indexes] : [...indexes, kept];
}
