import { useState } from 'react';

import { Sparkline } from '../../components/Sparkline';
import type { CacheReport } from '../../lib/api/types';
import { formatQuantity, formatShare } from '../../lib/format';
import styles from './CacheFacts.module.css';
import { follow, NO_TRACE, rates, together } from './rates';

const FROM_NONE_TO_ALL = [0, 1] as const;

/** The hit rate in all, and how it went from poll to poll since the page was opened. */
export function HitRate({ report }: { report: CacheReport }) {
  const [trace, setTrace] = useState(NO_TRACE);
  // A new report is a new object; what it adds shows in this very rendering.
  if (trace.last !== report) setTrace(follow(trace, report));
  const { hits, reads } = together(trace.intervals);
  return (
    <div className={styles.rate}>
      <span>{report.hit_rate === null ? 'No reads yet' : formatShare(report.hit_rate)}</span>
      {trace.intervals.length > 0 && (
        <Sparkline
          values={rates(trace.intervals)}
          range={FROM_NONE_TO_ALL}
          tone="up"
          className={styles.line}
        />
      )}
      <span className={styles.detail}>
        {reads === 0
          ? 'in all; no read since'
          : `in all; ${formatShare(hits / reads)} of the last ${formatQuantity(reads, 'read')}`}
      </span>
    </div>
  );
}
