import { useEffect, useId, useState } from 'react';

import { useFocusOrigin } from '../lib/hooks';
import styles from './Announcer.module.css';
import type { Message, MessageAction } from './announcerMessages';
import { Button } from './Button';

interface AnnouncerRegionProps {
  /** What is said last, or null after a while. */
  said: Message | null;
  /** Newest last. */
  shown: readonly Message[];
  onDone: (message: Message) => void;
}

/** What the announcer says and, apart from that, what it shows. */
export function AnnouncerRegion({ said, shown, onDone }: AnnouncerRegionProps) {
  const newest = shown.filter(({ action }) => action !== null).at(-1);
  useUndoKeys(() => {
    if (newest === undefined) return false;
    onDone(newest);
    newest.action?.run();
    return true;
  });
  return (
    <>
      <Spoken said={said} />
      {shown.length > 0 && (
        <section aria-label="Messages" className={styles.region}>
          <div className={styles.messages}>
            {shown.map((message) => {
              const { id, action } = message;
              return action === null ? (
                <Passing key={id} message={message} onDone={onDone} />
              ) : (
                <Offer key={id} {...{ message, action, onDone }} isNewest={message === newest} />
              );
            })}
          </div>
        </section>
      )}
    </>
  );
}

/** A region is only heard when it changes: what was said while it moved has to come into it after that. */
const SETTLE_MS = 100;

function Spoken({ said }: Pick<AnnouncerRegionProps, 'said'>) {
  const [tooEarly, setTooEarly] = useState(said);
  useEffect(() => {
    const timer = setTimeout(() => {
      setTooEarly(null);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  // By its id it is another element each time, so that the same text is heard again.
  return (
    <p role="status" aria-live="polite" className="visually-hidden">
      {said !== null && said !== tooEarly && <span key={said.id}>{said.text}</span>}
    </p>
  );
}

const SHOWN_MS = 6000;

/** It passes by, and the live region has it: nobody reads it twice. */
function Passing({ message, onDone }: Pick<OfferProps, 'message' | 'onDone'>) {
  useEffect(() => {
    const timer = setTimeout(() => {
      onDone(message);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [message, onDone]);
  return (
    <div className={styles.message} aria-hidden="true">
      <p>{message.text}</p>
    </div>
  );
}

interface OfferProps extends Pick<AnnouncerRegionProps, 'onDone'> {
  message: Message;
  action: MessageAction;
  /** The undo keys are for the newest. */
  isNewest: boolean;
}

/** It stays until it is used or dismissed: nobody has to hurry (WCAG 2.2.1). */
function Offer({ message, action, isNewest, onDone }: OfferProps) {
  const textId = useId();
  const focus = useFocusOrigin<HTMLSpanElement>();
  return (
    <div className={styles.message}>
      <p id={textId}>{message.text}</p>
      <span className={styles.actions} {...focus}>
        <Button
          className={styles.action}
          aria-describedby={textId}
          aria-keyshortcuts={isNewest ? 'Control+Z Meta+Z' : undefined}
          onClick={() => {
            onDone(message);
            action.run();
          }}
        >
          {action.label}
        </Button>
        <Button
          className={styles.action}
          aria-describedby={textId}
          onClick={() => {
            onDone(message);
          }}
        >
          Dismiss
        </Button>
      </span>
    </div>
  );
}

/** Control+Z (or Command+Z) outside of fields, which have an undo of their own. `undo` says whether there was something. */
function useUndoKeys(undo: () => boolean): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select') !== null) return;
      if (undo()) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  });
}
