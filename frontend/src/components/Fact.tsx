import type { ReactNode } from 'react';

import styles from './Fact.module.css';

const UNKNOWN = '–';

/** One fact of a `dl`: its name, and below it what is known of it. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{children ?? UNKNOWN}</dd>
    </div>
  );
}
