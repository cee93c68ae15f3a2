import { memo } from 'react';

import { formatCount, formatLatency, formatQuantity } from '../../lib/format';
import { countKinds, heightOf, SHOWN, type Answer, type Kind } from './answers';
import styles from './AnswerStrip.module.css';
import { KIND_NAMES } from './kinds';

const SCALE_MS = [1, 10, 100];

/** The last answers as bars, newest on the right; the legend says in words what they show. */
export const AnswerStrip = memo(function AnswerStrip({ answers }: { answers: readonly Answer[] }) {
  return (
    <div className={styles.strip}>
      <div className={styles.plot} aria-hidden="true">
        {SCALE_MS.map((ms) => (
          <span key={ms} className={styles.line} style={{ bottom: percent(heightOf(ms)) }}>
            <span>{formatLatency(ms)}</span>
          </span>
        ))}
        <div className={styles.bars}>
          {Array.from({ length: SHOWN - answers.length }, (_, slot) => (
            <span key={slot - SHOWN} className={styles.slot} />
          ))}
          {answers.map(({ id, kind, ms }) => (
            <Bar key={id} kind={kind} ms={ms} />
          ))}
        </div>
      </div>
      <Legend answers={answers} />
    </div>
  );
});

const Bar = memo(function Bar({ kind, ms }: { kind: Kind; ms: number }) {
  return <span className={[styles.bar, styles[kind]].join(' ')} style={{ height: percent(heightOf(ms)) }} />;
});

function Legend({ answers }: { answers: readonly Answer[] }) {
  return (
    <ul className={styles.legend} aria-label={`Sources of ${formatQuantity(answers.length, 'answer')}`}>
      {countKinds(answers)
        .filter(([kind, count]) => count > 0 || kind === 'hit' || kind === 'miss')
        .map(([kind, count]) => (
          <li key={kind}>
            <span className={[styles.swatch, styles[kind]].join(' ')} aria-hidden="true" />
            {KIND_NAMES[kind]} <strong>{formatCount(count)}</strong>
          </li>
        ))}
    </ul>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
