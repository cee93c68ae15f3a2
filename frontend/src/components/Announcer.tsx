import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

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
  /** Whether it is there to be seen, too. */
  shown: boolean;
}

interface Announcements {
  announce: (text: string, action?: MessageAction) => void;
  whisper: (text: string) => void;
  speakFrom: (place: HTMLElement) => () => void;
}

const [Provider, useAnnouncements] = requiredContext<Announcements>('The announcer');

/** Says what an action led to, to everyone: by sight and through the page's one live region. */
export const useAnnounce = (): Announcements['announce'] => useAnnouncements().announce;

/** Says what can be seen already where it happened, for those who don't see it, through the same live region. */
export const useWhisper = (): Announcements['whisper'] => useAnnouncements().whisper;

/**
 * Moves the announcer into an element until the function that it returns is called. For modal dialogs: all that is
 * outside of one is inert, so that nobody would see or hear it.
 */
export const useSpeakFrom = (): Announcements['speakFrom'] => useAnnouncements().speakFrom;

const SHOWN_MS = 6000;

export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Message | null>(null);
  const [places, setPlaces] = useState<readonly HTMLElement[]>([]);
  const announcements = useMemo<Announcements>(
    () => ({
      announce: (text, action) => {
        setMessage({ text, action: action ?? null, shown: true });
      },
      whisper: (text) => {
        setMessage({ text, action: null, shown: false });
      },
      speakFrom: (place) => {
        setPlaces((known) => [...known, place]);
        return () => {
          setPlaces((known) => known.filter((one) => one !== place));
        };
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
  const place = places.at(-1);
  const region = (
    <Region
      message={message}
      onDone={() => {
        setMessage(null);
      }}
    />
  );
  return (
    <Provider value={announcements}>
      {children}
      {place === undefined ? region : createPortal(region, place)}
    </Provider>
  );
}

function Region({ message, onDone }: { message: Message | null; onDone: () => void }) {
  return (
    <div className={styles.region}>
      <div className={message?.shown ? styles.message : 'visually-hidden'}>
        <p role="status" aria-live="polite" className={styles.text}>
          {message?.text}
        </p>
        {message?.action && <Actions action={message.action} onDone={onDone} />}
      </div>
    </div>
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
