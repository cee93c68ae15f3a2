import { useEffect } from 'react';

import type { Bitcoin } from '../../lib/api/types';
import { formatCount } from '../../lib/format';
import { useFocusReturn } from '../../lib/hooks';
import { useDraft, useEditing } from './context';
import styles from './EditablePrice.module.css';
import { PriceForm } from './PriceForm';
import { useGuarded } from './useGuarded';

/** A price; a click on it opens a field in its place. */
export function EditablePrice({ coin }: { coin: Bitcoin }) {
  const { writer, drafts } = useEditing();
  const draft = useDraft(coin.symbol);
  const button = useFocusReturn<HTMLButtonElement>(draft !== undefined);
  const guarded = useGuarded(() => {
    const seen = writer.see(coin);
    drafts.open({ text: String(seen.price), problem: null, seen, isFresh: true });
  });
  useEffect(() => {
    const hasFocus = () => button.current !== null && button.current === document.activeElement;
    return drafts.show(coin.symbol, { hasFocus });
  }, [button, coin.symbol, drafts]);
  if (draft !== undefined) return <PriceForm draft={draft} />;
  const price = formatCount(coin.price);
  return (
    <button
      ref={button}
      type="button"
      className={styles.price}
      aria-label={`${price}, edit the price of ${coin.symbol}`}
      {...guarded}
    >
      {price}
    </button>
  );
}
