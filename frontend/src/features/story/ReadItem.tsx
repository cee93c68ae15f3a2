import { formatClock } from '../../lib/format';
import type { Read } from './events';
import { LatencyBar } from './LatencyBar';
import styles from './Reads.module.css';

interface ReadItemProps {
  read: Read;
  scaleMs: number;
  isNewest: boolean;
}

/** One read: where it came from, and where its time went; the newest with what that means. */
export function ReadItem({
  read: { number, at, outcome, text, meaning, split },
  scaleMs,
  isNewest,
}: ReadItemProps) {
  return (
    <div className={[styles.read, styles[outcome]].join(' ')}>
      <p className={styles.told}>
        <span>
          {number} · {text}
        </span>
        <time dateTime={new Date(at).toISOString()}>{formatClock(new Date(at))}</time>
      </p>
      {isNewest && <p className={styles.explained}>{meaning}</p>}
      {split && <LatencyBar split={split} scaleMs={scaleMs} />}
    </div>
  );
}
