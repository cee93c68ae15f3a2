import { Skeleton } from '../../components/Skeleton';
import styles from './RankingSkeleton.module.css';

const ROWS = Array.from({ length: 8 }, (_, row) => row);

/** The ranking's place while its first answer is on the way. */
export function RankingSkeleton() {
  return (
    <div aria-busy="true">
      <p className="visually-hidden">Loading the ranking…</p>
      {ROWS.map((row) => (
        <div key={row} className={styles.row} aria-hidden="true">
          <Skeleton />
          <Skeleton />
          <Skeleton />
          <Skeleton />
        </div>
      ))}
    </div>
  );
}
