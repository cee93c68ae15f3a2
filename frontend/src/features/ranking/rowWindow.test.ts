import { describe, expect, it } from 'vitest';

import { indexesOf, rowWindow } from './rowWindow';

const [SCREEN, ROW, COUNT] = [900, 50, 10_000];

describe('rowWindow', () => {
  it.each([0, -30, -12_345, -400_000, -(COUNT * ROW - SCREEN), 600])(
    'holds every row that is on the screen when the rows begin at %d',
    (top) => {
      const { first, end } = rowWindow(top, SCREEN, ROW, COUNT);
      const onScreen = (row: number) => top + row * ROW < SCREEN && top + (row + 1) * ROW > 0;
      expect(first === 0 || !onScreen(first - 1)).toBe(true);
      expect(end === COUNT || !onScreen(end)).toBe(true);
      expect(first).toBeLessThan(end);
      expect(end - first).toBeLessThan(60);
    },
  );

  it('is empty where there are no rows, and ends with the last one', () => {
    expect(rowWindow(0, SCREEN, ROW, 0)).toEqual({ first: 0, end: 0 });
    expect(rowWindow(0, SCREEN, ROW, 3)).toEqual({ first: 0, end: 3 });
    expect(rowWindow(-1_000_000, SCREEN, ROW, 3)).toEqual({ first: 3, end: 3 });
  });

  it('stays the same while one scrolls by less than its step', () => {
    expect(rowWindow(-1000, SCREEN, ROW, COUNT)).toEqual(rowWindow(-1020, SCREEN, ROW, COUNT));
  });
});

describe('indexesOf', () => {
  it.each([
    [null, [4, 5, 6]],
    [5, [4, 5, 6]],
    [1, [1, 4, 5, 6]],
    [9, [4, 5, 6, 9]],
  ])('keeps the row with the focus, %s', (kept, expected) => {
    expect(indexesOf({ first: 4, end: 7 }, kept)).toEqual(expected);
  });
});
