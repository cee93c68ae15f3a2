import { forwardRef, useId, type ReactNode } from 'react';

import styles from './Panel.module.css';

interface PanelProps {
  title: string;
  /** A few words to the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled part of the page; the ref is its heading, which can take the focus. */
export const Panel = forwardRef<HTMLHeadingElement, PanelProps>(function Panel(
  { title, aside, children },
  ref,
) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.panel}>
      <div className={styles.head}>
        <h2 id={id} ref={ref} tabIndex={-1}>
          {title}
        </h2>
        {aside !== undefined && <p className={styles.aside}>{aside}</p>}
      </div>
      {children}
    </section>
  );
});
