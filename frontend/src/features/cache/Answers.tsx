import { useMemo, useState } from 'react';

import { useExchanges } from '../../lib/api/exchanges';
import { useMediaQuery } from '../../lib/hooks';
import { answersOf } from './answers';
import { AnswerList } from './AnswerList';
import styles from './Answers.module.css';
import { AnswerStrip } from './AnswerStrip';

/**
 * Where the last answers came from and how fast, as they come; folded up at first where it would fill a narrow page. Says
 * nothing by itself: it would never be silent.
 */
export function Answers() {
  const [open, setOpen] = useState(!useMediaQuery('(max-width: 40rem)'));
  return (
    <details
      className={styles.answers}
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary className={styles.summary}>
        <h2>Answers</h2>
        <span>their source and time</span>
      </summary>
      {open && <LastAnswers />}
    </details>
  );
}

function LastAnswers() {
  const exchanges = useExchanges();
  const answers = useMemo(() => answersOf(exchanges), [exchanges]);
  return (
    <div className={styles.content}>
      <AnswerStrip answers={answers} />
      {answers.length === 0 ? (
        <p className={styles.none}>No answer yet.</p>
      ) : (
        <AnswerList answers={answers} />
      )}
    </div>
  );
}
