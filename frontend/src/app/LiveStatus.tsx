import { useEffect, useRef } from 'react';

import { useWhisper } from '../components/Announcer';
import type { RankingState } from '../features/ranking/useRanking';
import { useConfig } from '../lib/config';
import { formatInterval, formatSince } from '../lib/format';
import { useOnline } from '../lib/hooks';
import styles from './LiveStatus.module.css';

type Liveness = 'Live' | 'Stale' | 'Offline';

/** Whether what is shown is what is stored. */
export function LiveStatus({ state: { ranking, failure } }: { state: RankingState }) {
  const { pollInterval } = useConfig();
  const online = useOnline();
  const liveness = failure === null ? 'Live' : online ? 'Stale' : 'Offline';
  useWhisperedChange(liveness);
  if (ranking === undefined) return null;
  const { updatedAt } = ranking;
  if (liveness === 'Live') {
    return (
      <p key={updatedAt} className={[styles.status, styles.live].join(' ')}>
        Live · every {formatInterval(pollInterval)}
      </p>
    );
  }
  return (
    <p className={[styles.status, styles.stale].join(' ')}>
      {liveness} since {formatSince(new Date(updatedAt), new Date())}
    </p>
  );
}

const TOLD: Record<Liveness, string> = {
  Live: 'The ranking is up to date again.',
  Stale: 'Updating the ranking fails.',
  Offline: 'Offline: the ranking is as it was.',
};

function useWhisperedChange(liveness: Liveness): void {
  const whisper = useWhisper();
  const told = useRef<Liveness>('Live');
  useEffect(() => {
    if (told.current === liveness) return;
    told.current = liveness;
    whisper(TOLD[liveness]);
  }, [liveness, whisper]);
}
