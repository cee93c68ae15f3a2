import { formatPart, sumOf, type Share, type Split } from './latency';
import styles from './LatencyBar.module.css';

const NAMES: Record<Share, string> = {
  redis: 'Redis',
  postgres: 'PostgreSQL',
  service: 'Service',
  way: 'Way',
};

interface LatencyBarProps {
  split: Split;
  /** What the whole width stands for, so that bars of several reads compare. */
  longestMs: number;
}

/** Where a read's time went: as a bar, and in words with the bar's colours. */
export function LatencyBar({ split, longestMs }: LatencyBarProps) {
  return (
    <>
      <div className={styles.bar} style={{ width: percent(sumOf(split), longestMs) }} aria-hidden="true">
        {split.map(({ share, ms }) => (
          <span key={share} className={styles[share]} style={{ width: percent(ms, sumOf(split)) }} />
        ))}
      </div>
      <ul className={styles.parts}>
        {split.map(({ share, ms }) => (
          <li key={share}>
            <span className={[styles.swatch, styles[share]].join(' ')} aria-hidden="true" />
            {NAMES[share]} {formatPart(ms)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is not plain from the words beside a bar. */
export function Legend() {
  return (
    <p className={styles.legend}>
      Service is the API&apos;s own work; Way is to the API and back to this browser. All bars have one scale.
    </p>
  );
}

const percent = (part: number, whole: number): string => `${whole === 0 ? 0 : (100 * part) / whole}%`;
