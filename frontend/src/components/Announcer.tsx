import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { useFocusOrigin } from '../lib/hooks';
import { requiredContext } from '../lib/requiredContext';
import styles from './Announcer.module.css';
import { Button } from './Button';

/** What one may do about a message, such as taking back what it tells. */
export interface MessageAction {
  label: string;
  run: () => void;
}

interface Message {
  text: string;
  action: MessageAction | null;
}

interface Announcements {
  announce: (text: string, action?: MessageAction) => void;
}

const [Provider, useAnnouncements] = requiredContext<Announcements>('The announcer');

/** Says what an action led to, to everyone: by sight and through the page's one live region. */
export const useAnnounce = (): Announcements['announce'] => useAnnouncements().announce;

const SHOWN_MS = 6000;

export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Message | null>(null);
  const announcements = useMemo(
    () => ({
      announce: (text: string, action?: MessageAction) => {
        setMessage({ text, action: action ?? null });
      },
    }),
    [],
  );
  // What offers an action stays until it is used, dismissed or followed by another: nobody has to hurry (WCAG 2.2.1).
  useEffect(() => {
    if (message?.action !== null) return;
    const timer = setTimeout(() => {
      setMessage(null);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [message]);
  return (
    <Provider value={announcements}>
      {children}
      <div className={styles.region}>
        <div className={message === null ? undefined : styles.message}>
          <p role="status" aria-live="polite" className={styles.text}>
            {message?.text}
          </p>
          {message?.action && (
            <Actions
              action={message.action}
              onDone={() => {
                setMessage(null);
              }}
            />
          )}
        </div>
      </div>
    </Provider>
  );
}

function Actions({ action, onDone }: { action: MessageAction; onDone: () => void }) {
  const run = () => {
    onDone();
    action.run();
  };
  const focus = useFocusOrigin<HTMLSpanElement>();
  useUndoKeys(run);
  return (
    <span className={styles.actions} {...focus}>
      <Button className={styles.action} aria-keyshortcuts="Control+Z Meta+Z" onClick={run}>
        {action.label}
      </Button>
      <Button className={styles.action} onClick={onDone}>
        Dismiss
      </Button>
    </span>
  );
}

/** Control+Z (or Command+Z) outside of fields, which have an undo of their own. */
function useUndoKeys(run: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select') !== null) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  });
}
