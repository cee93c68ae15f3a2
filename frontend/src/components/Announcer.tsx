import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { requiredContext } from '../lib/requiredContext';
import styles from './Announcer.module.css';

interface Announcements {
  announce: (message: string) => void;
}

const [Provider, useAnnouncements] = requiredContext<Announcements>('The announcer');

/** Says what an action led to, to everyone: by sight and through the page's one live region. */
export const useAnnounce = (): Announcements['announce'] => useAnnouncements().announce;

const SHOWN_MS = 6000;

export function Announcer({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<{ message: string } | null>(null);
  const announcements = useMemo(
    () => ({
      announce: (message: string) => {
        setCurrent({ message });
      },
    }),
    [],
  );
  useEffect(() => {
    if (current === null) return;
    const timer = setTimeout(() => {
      setCurrent(null);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [current]);
  return (
    <Provider value={announcements}>
      {children}
      <div role="status" aria-live="polite" className={styles.region}>
        {current !== null && <p className={styles.message}>{current.message}</p>}
      </div>
    </Provider>
  );
}
