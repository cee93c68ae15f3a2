import { useState, type RefObject } from 'react';

import type { ApiError } from '../../lib/api/errors';
import { addition, type Recover } from './changes';
import { useEditing } from './context';
import { isEmpty, normalSymbol, priceProblem, symbolProblem } from './rules';

type FieldName = 'symbol' | 'price';
type Texts = Record<FieldName, string>;
type Problems = Record<FieldName, string | null>;

export interface AddInputs {
  symbol: RefObject<HTMLInputElement>;
  price: RefObject<HTMLInputElement>;
}

const NO_TEXTS: Texts = { symbol: '', price: '' };
const NO_PROBLEMS: Problems = { symbol: null, price: null };
const UNCHECKED = { symbol: false, price: false };

/**
 * What is typed into the form for a new coin. It is empty, and ready for the next coin, as soon as one is sent; what
 * was typed comes back if that coin is not added: at once, or on request if something else is being typed by then.
 */
export function useAddForm(inputs: AddInputs) {
  const { writer } = useEditing();
  const [texts, setTexts] = useState(NO_TEXTS);
  const [checked, setChecked] = useState(UNCHECKED);
  const [refused, setRefused] = useState(NO_PROBLEMS);
  const wrong: Problems = { symbol: symbolProblem(texts.symbol), price: priceProblem(texts.price) };

  const fill = (next: Texts, problems: Problems) => {
    setTexts(next);
    setRefused(problems);
    setChecked(UNCHECKED);
  };

  function submit() {
    setChecked({ symbol: true, price: true });
    if (wrong.symbol !== null) inputs.symbol.current?.focus();
    else if (wrong.price !== null) inputs.price.current?.focus();
    else send();
  }

  function send() {
    const symbol = normalSymbol(texts.symbol);
    // First, for the field that it leaves is checked, and an empty form is not wrong yet.
    inputs.symbol.current?.focus();
    fill(NO_TEXTS, NO_PROBLEMS);
    writer.write(addition(symbol, Number(texts.price), recover));
  }

  const recover: Recover = (error) => {
    const problems = problemsOf(error);
    const giveBack = () => {
      fill(texts, problems);
      inputs[problems.symbol === null && problems.price !== null ? 'price' : 'symbol'].current?.focus();
    };
    const isFree = [inputs.symbol, inputs.price].every(({ current }) => isEmpty(current?.value ?? ''));
    if (!isFree) return { label: 'Edit again', run: giveBack };
    if (inputs.symbol.current?.form?.contains(document.activeElement)) giveBack();
    else fill(texts, problems);
    return undefined;
  };

  return {
    texts,
    submit,
    problem: (name: FieldName) =>
      (checked[name] || !isEmpty(texts[name]) ? wrong[name] : null) ?? refused[name],
    type: (name: FieldName, text: string) => {
      setTexts({ ...texts, [name]: text });
      setRefused({ ...refused, [name]: null });
    },
    /** Leaving a field that holds something: from now on it may not be empty. */
    leave: (name: FieldName) => {
      setChecked({ ...checked, [name]: !isEmpty(texts[name]) });
    },
  };
}

function problemsOf({ fields }: ApiError): Problems {
  const of = (name: FieldName) => fields.find(({ field }) => field === name)?.message ?? null;
  return { symbol: of('symbol'), price: of('price') };
}
