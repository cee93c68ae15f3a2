import type { ReactNode } from 'react';

import { Age } from '../../components/Age';
import { Notice } from '../../components/Notice';
import type { CacheReport } from '../../lib/api/types';
import { formatCount, formatQuantity, formatShare } from '../../lib/format';
import { useNow } from '../../lib/hooks';
import styles from './CacheFacts.module.css';
import { useCacheReport } from './useCacheReport';

const AGE_TICK_MS = 5000;
const UNKNOWN = '–';

/** What the cache did so far. */
export function CacheFacts() {
  const { data, isError } = useCacheReport();
  const report = isError ? undefined : data;
  return (
    <section aria-label="Cache" className={styles.facts}>
      {report?.status === 'unavailable' && (
        <Notice tone="warning" title="Redis is not available">
          Reads come from PostgreSQL until it is back.
        </Notice>
      )}
      <dl className={styles.list}>
        <Fact name="Hit rate">
          <HitRate rate={report?.hit_rate} />
        </Fact>
        <Fact name="Hits">{countOf(report?.hits)}</Fact>
        <Fact name="Misses">{countOf(report?.misses)}</Fact>
        <Fact name="Keys">{countOf(report?.keys)}</Fact>
        <Fact name="Last primed">
          <LastPriming report={report} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function HitRate({ rate }: { rate: number | null | undefined }) {
  if (rate === null || rate === undefined) return UNKNOWN;
  return (
    <>
      {formatShare(rate)}
      <svg className={styles.bar} viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <rect width={rate} height="1" />
      </svg>
    </>
  );
}

function LastPriming({ report }: { report: CacheReport | undefined }) {
  const now = useNow(AGE_TICK_MS);
  if (!report?.last_primed_at) return UNKNOWN;
  return (
    <>
      <Age time={report.last_primed_at} now={now} />
      {report.last_primed_keys !== null && (
        <span className={styles.detail}>{formatQuantity(report.last_primed_keys, 'key')}</span>
      )}
    </>
  );
}

function countOf(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : formatCount(value);
}
