/** The names under which answers are kept, so that a write in one feature can refresh another's reads. */
export const queryKeys = {
  ranking: ['ranking'],
  cacheReport: ['cache-report'],
  /** Followed by the symbol. */
  coin: ['coin'],
} as const;
