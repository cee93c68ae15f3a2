import { forwardRef, useImperativeHandle, useRef, type FormEvent } from 'react';

import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import styles from './AddBitcoinForm.module.css';
import { useAddForm } from './useAddForm';
import { useGuarded } from './useGuarded';

/** Adds a coin; says what is wrong as it is typed. The ref is the field where one begins. */
export const AddBitcoinForm = forwardRef<HTMLInputElement>(function AddBitcoinForm(_, ref) {
  const symbol = useRef<HTMLInputElement>(null);
  const price = useRef<HTMLInputElement>(null);
  const form = useAddForm({ symbol, price });
  const guarded = useGuarded();
  useImperativeHandle<HTMLInputElement | null, HTMLInputElement | null>(ref, () => symbol.current);

  function submit(event: FormEvent) {
    event.preventDefault();
    form.submit();
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        ref={symbol}
        className={styles.symbol}
        label="Symbol"
        placeholder="BTC"
        value={form.texts.symbol}
        autoCapitalize="characters"
        spellCheck={false}
        problem={form.problem('symbol')}
        onChange={(event) => {
          form.type('symbol', event.target.value);
        }}
        onBlur={() => {
          form.leave('symbol');
        }}
      />
      <Field
        ref={price}
        label="Price"
        placeholder="43000"
        value={form.texts.price}
        inputMode="numeric"
        problem={form.problem('price')}
        onChange={(event) => {
          form.type('price', event.target.value);
        }}
        onBlur={() => {
          form.leave('price');
        }}
      />
      <Button tone="primary" type="submit" {...guarded}>
        Add coin
      </Button>
    </form>
  );
});
