import { describeOrigin } from '../../lib/api/describe';
import type { Origin } from '../../lib/api/origin';
import styles from './AnswerOrigin.module.css';

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
