import { describe, expect, it } from 'vitest';

import {
  formatAge,
  formatClock,
  formatCount,
  formatInterval,
  formatLatency,
  formatQuantity,
  formatShare,
  formatSince,
  formatSpan,
} from './format';

describe('numbers', () => {
  it('are grouped, counted and shared', () => {
    expect(formatCount(2147483647)).toBe('2,147,483,647');
    expect(formatQuantity(1, 'coin')).toBe('1 coin');
    expect(formatQuantity(1200, 'coin')).toBe('1,200 coins');
    expect(formatShare(0.9838)).toBe('98.4%');
    expect(formatShare(42_999)).toBe('4.3M%');
  });
});

describe('formatLatency', () => {
  it.each([
    [0.42, '0.4 ms'],
    [3.2, '3 ms'],
    [1340, '1.3 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatLatency(ms)).toBe(text);
  });
});

describe('formatInterval', () => {
  it.each([
    [250, '0.25 s'],
    [5000, '5 s'],
    [90_000, '90 s'],
    [120_000, '2 min'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatInterval(ms)).toBe(text);
  });
});

describe('formatSince', () => {
  const time = new Date(2026, 0, 1, 15, 4, 5);

  it('tells the date where it is not that of today', () => {
    expect(formatSince(time, new Date(2026, 0, 1, 20))).toBe(formatClock(time));
    expect(formatSince(time, new Date(2026, 0, 3, 8))).toMatch(/Jan 1, 2026/);
  });
});

describe('formatSpan', () => {
  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [2460, '41 min'],
    [3600, '1 h'],
    [86_400, '1 d'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatSpan(seconds)).toBe(text);
  });
});

describe('formatAge', () => {
  const now = new Date('2026-01-01T12:00:00Z');

  it.each([
    ['2026-01-01T11:59:58Z', 'just now'],
    ['2026-01-01T12:00:30Z', 'just now'],
    ['2026-01-01T11:57:00Z', '3 min ago'],
  ])('writes %s as %s', (time, text) => {
    expect(formatAge(new Date(time), now)).toBe(text);
  });
});
