import { Button } from '../../components/Button';
import type { Bitcoin } from '../../lib/api/types';
import { deletion } from './changes';
import { useEditing } from './context';
import styles from './DeleteButton.module.css';
import { TRASH } from './icons';
import { useGuarded } from './useGuarded';

/** Deletes a coin, as it is seen here, at once; the message about it offers to undo that. */
export function DeleteButton({ coin }: { coin: Bitcoin }) {
  const { writer } = useEditing();
  const guarded = useGuarded(() => {
    writer.write(deletion(writer.see(coin)));
  });
  return (
    <Button
      className={styles.delete}
      aria-label={`Delete ${coin.symbol}`}
      title={`Delete ${coin.symbol}`}
      {...guarded}
    >
      {TRASH}
      <span className={styles.label}>Delete</span>
    </Button>
  );
}
