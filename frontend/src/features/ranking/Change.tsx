import { Sparkline } from '../../components/Sparkline';
import { toneOf, type Tone } from '../../components/sparkline';
import { formatCount, formatShare } from '../../lib/format';
import { lastChange, type Trace } from '../../lib/history';
import styles from './Change.module.css';

const MARKS: Record<Tone, { arrow: string; sign: string }> = {
  up: { arrow: '▲', sign: '+' },
  down: { arrow: '▼', sign: '−' },
  neutral: { arrow: '', sign: '' },
};

const SMALLEST_SHARE = 0.0005;

/** In percent, or as it is where that would read as none. */
function size({ amount, share }: { amount: number; share: number | null }): string {
  const portion = Math.abs(share ?? 0);
  return portion < SMALLEST_SHARE ? formatCount(Math.abs(amount)) : formatShare(portion);
}

/** By how much a price differs from the one last seen here, and the line of those seen. */
export function Change({ trace }: { trace: Trace | undefined }) {
  const change = lastChange(trace);
  const tone = toneOf(trace?.prices ?? []);
  const { arrow, sign } = MARKS[tone];
  return (
    <div className={styles.change}>
      <span className={[styles.amount, styles[tone]].join(' ')}>
        {change === null ? (
          <span title="Its price did not change while this page was open">
            –<span className="visually-hidden"> no change seen</span>
          </span>
        ) : (
          <>
            <span aria-hidden="true">{arrow} </span>
            {sign}
            {size(change)}
          </>
        )}
      </span>
      {trace !== undefined && <Sparkline values={trace.prices} tone={tone} className={styles.line} />}
    </div>
  );
}
