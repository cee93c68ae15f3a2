import { formatClock, formatLatency } from '../../lib/format';
import { useNow } from '../../lib/hooks';
import { timeLeft, type Answer } from './answers';
import styles from './AnswerList.module.css';
import { KIND_NAMES } from './kinds';

const LISTED = 5;
const COUNTDOWN_TICK_MS = 1000;

/** The newest of the answers in words, newest first. */
export function AnswerList({ answers }: { answers: readonly Answer[] }) {
  const now = useNow(COUNTDOWN_TICK_MS).getTime();
  return (
    <ol className={styles.list} aria-label="The last answers">
      {answers
        .slice(-LISTED)
        .reverse()
        .map((answer) => (
          <li key={answer.id} className={styles.answer}>
            <span className={styles.time}>{formatClock(new Date(answer.at))}</span>
            <span className={styles.asked}>{answer.asked}</span>
            <span className={styles.source}>{KIND_NAMES[answer.kind]}</span>
            <span className={styles.took}>{formatLatency(answer.ms)}</span>
            <span className={styles.left}>{timeLeft(answer, now)}</span>
          </li>
        ))}
    </ol>
  );
}
