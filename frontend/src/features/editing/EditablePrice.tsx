import { useState } from 'react';

import type { Bitcoin } from '../../lib/api/types';
import { formatCount } from '../../lib/format';
import { useFocusReturn } from '../../lib/hooks';
import styles from './EditablePrice.module.css';
import { PriceForm } from './PriceForm';

/** A price; a click on it opens a field in its place. */
export function EditablePrice({ coin }: { coin: Bitcoin }) {
  const [editing, setEditing] = useState(false);
  const button = useFocusReturn<HTMLButtonElement>(editing);
  if (editing) {
    return (
      <PriceForm
        coin={coin}
        onClose={() => {
          setEditing(false);
        }}
      />
    );
  }
  const price = formatCount(coin.price);
  return (
    <button
      ref={button}
      type="button"
      className={styles.price}
      aria-label={`${price}, edit the price of ${coin.symbol}`}
      onClick={() => {
        setEditing(true);
      }}
    >
      {price}
    </button>
  );
}
