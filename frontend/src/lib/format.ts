const LOCALE = 'en';
const count = new Intl.NumberFormat(LOCALE);
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 });
const manyPercent = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  notation: 'compact',
  maximumFractionDigits: 1,
});
const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' });
const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 43000 as `43,000`. */
export const formatCount = (value: number): string => count.format(value);

/** `1 coin`, `43,000 coins`. */
export const formatQuantity = (value: number, noun: string): string =>
  `${formatCount(value)} ${value === 1 ? noun : `${noun}s`}`;

/** 0.984 as `98.4%`, and ten times and more in few figures: 42,999 as `4.3M%`. */
export const formatShare = (value: number): string => (value < 10 ? percent : manyPercent).format(value);

/** A time of day, for what happened in this session. */
export const formatClock = (time: Date): string => clock.format(time);

/** A date and time. */
export const formatMoment = (time: Date): string => moment.format(time);

/** The time of day, with the date where that is another than now's. */
export function formatSince(time: Date, now: Date): string {
  return time.toDateString() === now.toDateString() ? formatClock(time) : formatMoment(time);
}

/** A latency: `0.4 ms`, `12 ms`, `1.3 s`. */
export function formatLatency(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 1 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A length of time, in its largest unit: `23 s`, `41 min`, `3 h`, `5 d`. */
export function formatSpan(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  return seconds < DAY ? `${Math.floor(seconds / HOUR)} h` : `${Math.floor(seconds / DAY)} d`;
}

/** A time between two things, exactly: `5 s`, `90 s`, `2 min`. */
export function formatInterval(ms: number): string {
  const seconds = ms / 1000;
  return seconds % MINUTE === 0 ? `${seconds / MINUTE} min` : `${count.format(seconds)} s`;
}

/** How long ago `time` was, seen from `now`; a clock that runs ahead of this one reads `just now`. */
export function formatAge(time: Date, now: Date): string {
  const seconds = (now.getTime() - time.getTime()) / 1000;
  return seconds < 5 ? 'just now' : `${formatSpan(seconds)} ago`;
}
