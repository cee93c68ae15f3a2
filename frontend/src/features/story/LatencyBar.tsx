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
  /** What the whole width stands for. */
  scaleMs: number;
}

/** Where a read's time went: as a bar, and in words with the bar's colours. */
export function LatencyBar({ split, scaleMs }: LatencyBarProps) {
  const isCut = sumOf(split) > scaleMs;
  return (
    <>
      <div className={[styles.bar, isCut ? styles.cut : ''].join(' ')} aria-hidden="true">
        {split.map(({ share, ms }) => (
          <span key={share} className={styles[share]} style={{ width: `${(100 * ms) / (scaleMs || 1)}%` }} />
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
      Service is the API&apos;s own work; Way is to the API and back to this browser. The bars have one scale:
      a Way that fades out was longer.
    </p>
  );
}
