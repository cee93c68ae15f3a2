import { Fact } from '../../components/Fact';
import { Notice } from '../../components/Notice';
import { formatClock, formatCount } from '../../lib/format';
import styles from './CacheFacts.module.css';
import { HitRate } from './HitRate';
import { LastPriming } from './LastPriming';
import { useCacheReport } from './useCacheReport';

/** What the cache did so far. */
export function CacheFacts() {
  const { data: report, dataUpdatedAt, failureReason } = useCacheReport();
  return (
    <section aria-label="Cache" className={styles.facts}>
      {report?.status === 'unavailable' && (
        <Notice tone="warning" title="Redis is not available">
          Reads come from PostgreSQL until it is back.
        </Notice>
      )}
      <dl className={styles.list}>
        <Fact name="Hit rate">{report && <HitRate report={report} />}</Fact>
        <Fact name="Hits">{report && formatCount(report.hits)}</Fact>
        <Fact name="Misses">{report && formatCount(report.misses)}</Fact>
        <Fact name="Keys">{report && (report.keys === null ? null : formatCount(report.keys))}</Fact>
        <Fact name="Last primed">{report && <LastPriming report={report} />}</Fact>
      </dl>
      {report !== undefined && failureReason !== null && (
        <p className={styles.stale}>
          As of {formatClock(new Date(dataUpdatedAt))}: the cache&apos;s counts cannot be read now.
        </p>
      )}
    </section>
  );
}
