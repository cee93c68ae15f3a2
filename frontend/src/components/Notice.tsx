import type { ReactNode } from 'react';

import styles from './Notice.module.css';

interface NoticeProps {
  tone: 'info' | 'warning' | 'danger';
  title: string;
  children?: ReactNode;
  /** A way out: one button. */
  action?: ReactNode;
}

/** A message in the place of, or above, what it is about. Danger interrupts; the page's polite region is the Announcer's. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  return (
    <div role={tone === 'danger' ? 'alert' : undefined} className={[styles.notice, styles[tone]].join(' ')}>
      <div className={styles.text}>
        <strong>{title}</strong>
        {children !== undefined && <span>{children}</span>}
      </div>
      {action}
    </div>
  );
}
