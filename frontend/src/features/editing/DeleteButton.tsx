import { useState } from 'react';

import { Button } from '../../components/Button';
import type { Bitcoin } from '../../lib/api/types';
import { useFocusOnMount, useFocusReturn } from '../../lib/hooks';
import styles from './DeleteButton.module.css';
import { useDeleteBitcoin } from './mutations';

interface DeleteButtonProps {
  coin: Bitcoin;
  /** The coin, and this button with it, is about to leave the page: the place for the focus to go. */
  onDeleted: () => void;
}

/** Deletes a coin after asking once more. */
export function DeleteButton({ coin, onDeleted }: DeleteButtonProps) {
  const [asking, setAsking] = useState(false);
  const button = useFocusReturn<HTMLButtonElement>(asking);
  const remove = useDeleteBitcoin(coin, onDeleted);

  function close() {
    setAsking(false);
  }

  if (asking) {
    return (
      <Question
        symbol={coin.symbol}
        busy={remove.isPending}
        onDelete={() => {
          remove.mutate(undefined, { onError: close });
        }}
        onKeep={close}
      />
    );
  }
  return (
    <Button
      ref={button}
      className={styles.ask}
      aria-label={`Delete ${coin.symbol}`}
      onClick={() => {
        setAsking(true);
      }}
    >
      Delete
    </Button>
  );
}

interface QuestionProps {
  symbol: string;
  busy: boolean;
  onDelete: () => void;
  onKeep: () => void;
}

function Question({ symbol, busy, onDelete, onKeep }: QuestionProps) {
  const keep = useFocusOnMount<HTMLButtonElement>();
  return (
    <div role="group" aria-label={`Delete ${symbol} for good?`} className={styles.question}>
      <Button tone="danger" aria-label={`Delete ${symbol} for good`} busy={busy} onClick={onDelete}>
        Delete
      </Button>
      <Button
        ref={keep}
        onClick={onKeep}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onKeep();
        }}
      >
        Keep
      </Button>
    </div>
  );
}
