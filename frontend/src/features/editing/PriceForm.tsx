import { useEffect, useId, useRef, useState, type FormEvent } from 'react';

import { useAnnounce } from '../../components/Announcer';
import { Button } from '../../components/Button';
import { edit } from './changes';
import { useEditing } from './context';
import type { Draft } from './drafts';
import { CHECK, CROSS } from './icons';
import styles from './PriceForm.module.css';
import { priceRecovery } from './priceRecovery';
import { isEmpty, priceProblem } from './rules';
import { useGuarded } from './useGuarded';

/** A coin's new price: Enter saves, Escape leaves it as it was. It is as high as the price whose place it takes. */
export function PriceForm({ draft }: { draft: Draft }) {
  const { text, seen } = draft;
  const { symbol } = seen;
  const { writer, drafts } = useEditing();
  const announce = useAnnounce();
  const [submitted, setSubmitted] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const problemId = useId();
  const guarded = useGuarded();
  const problem = (submitted || !isEmpty(text) ? priceProblem(text) : null) ?? draft.problem;

  useEffect(() => {
    if (!draft.isFresh) return;
    input.current?.focus();
    input.current?.select();
    drafts.change(symbol, { isFresh: false });
  }, [draft.isFresh, drafts, symbol]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setSubmitted(true);
    if (priceProblem(text) === null) save(Number(text));
    else input.current?.focus();
  }

  function save(price: number) {
    drafts.close(symbol);
    if (price === seen.price) return;
    const recover = priceRecovery(drafts, announce, text, seen);
    writer.write(edit(seen, price, recover));
  }

  function close() {
    drafts.close(symbol);
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <input
        ref={input}
        aria-label={`New price of ${symbol}`}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        autoComplete="off"
        inputMode="numeric"
        value={text}
        onChange={(event) => {
          drafts.change(symbol, { text: event.target.value, problem: null });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
        }}
      />
      <Button
        tone="primary"
        type="submit"
        aria-label={`Save the price of ${symbol}`}
        title="Save"
        {...guarded}
      >
        {CHECK}
      </Button>
      <Button aria-label={`Cancel editing ${symbol}`} title="Cancel" onClick={close}>
        {CROSS}
      </Button>
      {problem !== null && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </form>
  );
}
