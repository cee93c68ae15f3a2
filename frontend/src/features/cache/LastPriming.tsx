import { Age } from '../../components/Age';
import { Button } from '../../components/Button';
import type { CacheReport } from '../../lib/api/types';
import { formatQuantity } from '../../lib/format';
import styles from './CacheFacts.module.css';
import { usePriming } from './usePriming';

/** When the cache was primed, and the way to do it again where that is allowed. */
export function LastPriming({ report }: { report: CacheReport }) {
  return (
    <div className={styles.priming}>
      <div>
        {report.last_primed_at === null ? unprimed(report) : <Age time={report.last_primed_at} />}
        {report.last_primed_keys !== null && (
          <span className={styles.detail}>{formatQuantity(report.last_primed_keys, 'key')}</span>
        )}
      </div>
      {report.controls && <PrimeButton />}
    </div>
  );
}

/** Only Redis knows when it was primed. */
const unprimed = ({ status }: CacheReport): string => (status === 'available' ? 'Never' : '–');

function PrimeButton() {
  const { isPending, mutate } = usePriming();
  return (
    <Button
      className={styles.prime}
      busy={isPending}
      title="Reads all coins into Redis"
      onClick={() => {
        mutate();
      }}
    >
      {isPending ? 'Priming…' : 'Prime'}
    </Button>
  );
}
