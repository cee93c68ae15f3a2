import { Age } from '../../components/Age';
import { useAnnounce } from '../../components/Announcer';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import type { Bitcoin } from '../../lib/api/types';
import { formatCount } from '../../lib/format';
import { choiceOf, insistence, keptMessage, type Conflict } from './conflict';
import styles from './ConflictDialog.module.css';
import { useEditing } from './context';
import { isRepeated, useGuarded } from './useGuarded';

interface ConflictDialogProps {
  conflict: Conflict;
  onChosen: (conflict: Conflict) => void;
}

/** Two people wrote the same coin: shows both values and lets this one choose. Escape keeps what is stored. */
export function ConflictDialog({ conflict, onChosen }: ConflictDialogProps) {
  const { writer } = useEditing();
  const announce = useAnnounce();
  const { title, yours, keep, insist } = choiceOf(conflict);

  function keepTheirs() {
    onChosen(conflict);
    announce(keptMessage(conflict));
  }
  const guardedInsistence = useGuarded(() => {
    onChosen(conflict);
    writer.write(insistence(conflict));
  });

  return (
    <Dialog kind="question" title={title} onClose={keepTheirs}>
      <dl className={styles.sides}>
        <div>
          <dt>Stored</dt>
          <dd>
            <Stored coin={conflict.current} />
          </dd>
        </div>
        <div>
          <dt>Yours</dt>
          <dd>
            <span className={styles.value}>{yours}</span>
            <span className={styles.detail}>{seenBefore(conflict)}</span>
          </dd>
        </div>
      </dl>
      <div className={styles.choices}>
        <Button
          onClick={(event) => {
            if (!isRepeated(event)) keepTheirs();
          }}
        >
          {keep}
        </Button>
        <Button {...guardedInsistence}>{insist}</Button>
      </div>
    </Dialog>
  );
}

function Stored({ coin }: { coin: Bitcoin | null }) {
  if (coin === null) return <span className={styles.value}>Deleted</span>;
  return (
    <>
      <span className={styles.value}>{formatCount(coin.price)}</span>
      <span className={styles.detail}>
        version {coin.version} · <Age time={coin.updated_at} />
      </span>
    </>
  );
}

function seenBefore({ change: { was } }: Conflict): string {
  return was === null ? 'not stored' : `you saw ${formatCount(was)}`;
}
