import type { Origin } from '../../lib/api/client';
import styles from './AnswerOrigin.module.css';
import { describeOrigin } from './describe';

/** Where the last answer came from. */
export function AnswerOrigin({ origin }: { origin: Origin }) {
  const { outcome, text } = describeOrigin(origin);
  return (
    <p className={[styles.origin, styles[outcome]].join(' ')}>
      <span className="visually-hidden">Last answer: </span>
      {text}
    </p>
  );
}
