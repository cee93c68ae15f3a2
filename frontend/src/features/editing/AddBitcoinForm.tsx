import { useRef, useState, type FormEvent } from 'react';

import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import type { ApiError } from '../../lib/api/errors';
import styles from './AddBitcoinForm.module.css';
import { useAddBitcoin } from './mutations';
import { normalSymbol, priceProblem, symbolProblem } from './rules';

/** Adds a coin; what is wrong shows once a field was filled and left, or on trying to add. */
export function AddBitcoinForm() {
  const [symbol, setSymbol] = useState('');
  const [price, setPrice] = useState('');
  const [checked, setChecked] = useState({ symbol: false, price: false });
  const symbolInput = useRef<HTMLInputElement>(null);
  const priceInput = useRef<HTMLInputElement>(null);
  const add = useAddBitcoin();

  const wrong = { symbol: symbolProblem(symbol), price: priceProblem(price) };
  const refused = refusals(add.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked({ symbol: true, price: true });
    if (wrong.symbol !== null) symbolInput.current?.focus();
    else if (wrong.price !== null) priceInput.current?.focus();
    else add.mutate({ symbol: normalSymbol(symbol), price: Number(price) }, { onSuccess: restart });
  }

  function restart() {
    // First, for the field that it leaves is checked, and an empty form is not wrong yet.
    symbolInput.current?.focus();
    setSymbol('');
    setPrice('');
    setChecked({ symbol: false, price: false });
  }

  function forgetRefusal() {
    // A write under way would be let go of, and could not restart the form.
    if (!add.isPending) add.reset();
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        ref={symbolInput}
        label="Symbol"
        placeholder="BTC"
        value={symbol}
        maxLength={10}
        autoCapitalize="characters"
        spellCheck={false}
        problem={(checked.symbol ? wrong.symbol : null) ?? refused.symbol}
        onChange={(event) => {
          setSymbol(event.target.value.toUpperCase());
          forgetRefusal();
        }}
        onBlur={() => {
          setChecked({ ...checked, symbol: symbol !== '' });
        }}
      />
      <Field
        ref={priceInput}
        label="Price"
        placeholder="43000"
        value={price}
        inputMode="numeric"
        problem={(checked.price ? wrong.price : null) ?? refused.price}
        onChange={(event) => {
          setPrice(event.target.value);
          forgetRefusal();
        }}
        onBlur={() => {
          setChecked({ ...checked, price: price !== '' });
        }}
      />
      <Button tone="primary" type="submit" busy={add.isPending}>
        {add.isPending ? 'Adding…' : 'Add coin'}
      </Button>
      {refused.form !== null && <p className={styles.refusal}>{refused.form}</p>}
    </form>
  );
}

interface Refusals {
  symbol: string | null;
  price: string | null;
  /** What belongs to no field. */
  form: string | null;
}

function refusals(error: ApiError | null): Refusals {
  if (error === null) return { symbol: null, price: null, form: null };
  const of = (field: string) => error.fields.find((problem) => problem.field === field)?.message ?? null;
  const symbol =
    error.status === 409 ? 'This coin exists already: edit its price in the ranking.' : of('symbol');
  const price = of('price');
  return { symbol, price, form: symbol === null && price === null ? error.message : null };
}
