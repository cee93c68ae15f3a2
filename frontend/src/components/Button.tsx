import { forwardRef, type ButtonHTMLAttributes, type MouseEvent } from 'react';

import styles from './Button.module.css';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  tone?: 'primary' | 'quiet' | 'danger';
  /** What the last click began is not done yet: clicks do nothing, but the focus stays, as `disabled` would not let it. */
  busy?: boolean;
}

/** A button that doesn't submit unless its `type` says so. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { tone = 'quiet', busy = false, type = 'button', className = '', onClick, ...rest },
  ref,
) {
  const refuse = (event: MouseEvent) => {
    event.preventDefault();
  };
  return (
    <button
      ref={ref}
      type={type}
      className={[styles.button, styles[tone], className].join(' ')}
      aria-disabled={busy}
      onClick={busy ? refuse : onClick}
      {...rest}
    />
  );
});
