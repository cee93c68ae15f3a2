import { forwardRef, useId, type InputHTMLAttributes } from 'react';

import styles from './Field.module.css';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** What is wrong with the value, or null. */
  problem: string | null;
}

/** An input under its label, with what is wrong with it. */
export const Field = forwardRef<HTMLInputElement, FieldProps>(function Field(
  { label, problem, ...input },
  ref,
) {
  const id = useId();
  const problemId = `${id}-problem`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        ref={ref}
        id={id}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        {...input}
      />
      {problem !== null && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
});
