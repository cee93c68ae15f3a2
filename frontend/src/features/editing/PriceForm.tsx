import { useId, useState, type FormEvent } from 'react';

import { Button } from '../../components/Button';
import type { Bitcoin } from '../../lib/api/types';
import { useFocusOnMount } from '../../lib/hooks';
import { useSetPrice } from './mutations';
import styles from './PriceForm.module.css';
import { priceProblem } from './rules';

interface PriceFormProps {
  coin: Bitcoin;
  onClose: () => void;
}

/** A coin's new price: Enter saves, Escape leaves it as it was. */
export function PriceForm({ coin, onClose }: PriceFormProps) {
  const [text, setText] = useState(String(coin.price));
  const input = useFocusOnMount<HTMLInputElement>();
  const problemId = useId();
  const setPrice = useSetPrice(coin);
  const problem = priceProblem(text) ?? setPrice.error?.message ?? null;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (priceProblem(text) === null) setPrice.mutate(Number(text), { onSuccess: onClose });
    else input.current?.focus();
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <input
        ref={input}
        aria-label={`New price of ${coin.symbol}`}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        autoComplete="off"
        inputMode="numeric"
        value={text}
        onFocus={(event) => {
          event.target.select();
        }}
        onChange={(event) => {
          setText(event.target.value);
          // A write under way would be let go of, and could not close the form.
          if (!setPrice.isPending) setPrice.reset();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      />
      <Button tone="primary" type="submit" busy={setPrice.isPending}>
        Save
      </Button>
      <Button onClick={onClose}>Cancel</Button>
      {problem !== null && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </form>
  );
}
