import type { ReactNode } from 'react';

import styles from './Notice.module.css';

interface NoticeProps {
  tone: 'info' | 'warning' | 'danger';
  title: string;
  children?: ReactNode;
  /** A way out: one button. */
  action?: ReactNode;
}

/** A message in the place of, or above, what it is about. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  return (
    <div className={[styles.notice, styles[tone]].join(' ')}>
      <div className={styles.text}>
        <strong>{title}</strong>
        {children !== undefined && <span>{children}</span>}
      </div>
      {action}
    </div>
  );
}
