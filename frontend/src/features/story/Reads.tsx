import { useId } from 'react';

import { Button } from '../../components/Button';
import type { StoryEvent } from './events';
import { Legend } from './LatencyBar';
import { scaleOf } from './latency';
import { ReadItem } from './ReadItem';
import styles from './Reads.module.css';
import { useEvict, useMayEvict } from './useCoin';

interface ReadsProps {
  symbol: string;
  /** Newest first. */
  events: readonly StoryEvent[];
  /** Whether a read is under way. */
  busy: boolean;
  onRead: () => void;
  /** Called with whether there was anything to evict. */
  onEvict: (evicted: boolean) => void;
  /** Whether there is something to evict. */
  canEvict: boolean;
}

/** Each read of the coin since its story was opened, and the ways to cause another. */
export function Reads({ symbol, events, busy, onRead, onEvict, canEvict }: ReadsProps) {
  const heading = useId();
  const mayEvict = useMayEvict();
  const evict = useEvict(symbol, onEvict);
  const scaleMs = scaleOf(
    events.flatMap((event) => (event.kind === 'read' && event.split !== null ? [event.split] : [])),
  );

  return (
    <section aria-labelledby={heading} className={styles.reads}>
      <h3 id={heading}>Reads in this story</h3>
      <div className={styles.buttons}>
        <Button tone="primary" busy={busy} onClick={onRead}>
          Read again
        </Button>
        {canEvict && mayEvict && (
          <Button
            busy={evict.isPending}
            onClick={() => {
              evict.mutate();
            }}
          >
            Evict this key
          </Button>
        )}
      </div>
      <ol className={styles.list}>
        {events.map((event, index) => (
          <li key={`${event.kind}-${event.number}-${event.at}`}>
            {event.kind === 'eviction' ? (
              <p className={styles.eviction}>{event.text}</p>
            ) : (
              <ReadItem read={event} scaleMs={scaleMs} isNewest={index === 0} />
            )}
          </li>
        ))}
      </ol>
      {scaleMs > 0 && <Legend />}
    </section>
  );
}
