import { formatClock, formatSpan } from '../lib/format';
import { useConfig } from '../lib/config';
import { useOnline } from '../lib/hooks';
import type { RankingState } from '../features/ranking/useRanking';
import styles from './LiveStatus.module.css';

/** Whether what is shown is what is stored. */
export function LiveStatus({ state: { ranking, failure } }: { state: RankingState }) {
  const { pollInterval } = useConfig();
  const online = useOnline();
  if (failure === null) {
    if (ranking === undefined) return null;
    return (
      <p className={[styles.status, styles.live].join(' ')}>Live · every {formatSpan(pollInterval / 1000)}</p>
    );
  }
  const what = online ? 'Stale' : 'Offline';
  return (
    <p className={[styles.status, styles.stale].join(' ')}>
      {ranking === undefined ? what : `${what} since ${formatClock(new Date(ranking.updatedAt))}`}
    </p>
  );
}
