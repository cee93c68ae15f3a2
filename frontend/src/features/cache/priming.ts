import type { CacheReport } from '../../lib/api/types';

type Priming = Pick<CacheReport, 'last_primed_at' | 'last_primed_keys'>;

/** The first report that tells of a priming after `before`, or null where `looks` reports didn't. */
export async function primedAfter<T extends Priming>(
  before: Priming,
  read: () => Promise<T>,
  pause: () => Promise<void>,
  looks: number,
): Promise<T | null> {
  for (let look = 0; look < looks; look += 1) {
    const report = await read();
    if (report.last_primed_at !== before.last_primed_at) return report;
    await pause();
  }
  return null;
}
