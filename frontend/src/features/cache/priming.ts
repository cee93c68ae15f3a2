import type { CacheReport } from '../../lib/api/types';
import { formatQuantity } from '../../lib/format';

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
    if (isLater(report, before)) return report;
    await pause();
  }
  return null;
}

/** A report without a time tells of no priming: Redis, which knows, is lost. */
const isLater = ({ last_primed_at }: Priming, before: Priming): boolean =>
  last_primed_at !== null && last_primed_at !== before.last_primed_at;

/** What came of a priming, from the report that tells of it, if there is one. */
export function describePriming(report: Priming | null): string {
  if (report === null)
    return 'Priming began. It is not known yet whether it has ended: “Last primed” will tell.';
  const { last_primed_keys: keys } = report;
  return keys === null ? 'Primed.' : `Primed ${formatQuantity(keys, 'key')}.`;
}
