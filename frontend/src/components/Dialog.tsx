import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';

import { useSpeakFrom } from './Announcer';
import styles from './Dialog.module.css';

interface DialogProps {
  title: string;
  /**
   * `sheet` comes from the side (from below on a narrow page), and a click beside it closes it; `question` stands in the
   * middle, and is not answered by a click that misses it.
   */
  kind: 'sheet' | 'question';
  /** Escape, a click beside a sheet, or whatever the content offers. */
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog: the browser keeps the focus inside, and gives it back to what had it before. */
export function Dialog({ title, kind, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const speakFrom = useSpeakFrom();
  useEffect(() => (dialog.current === null ? undefined : speakFrom(dialog.current)), [speakFrom]);
  // In the layout phase, for the browser gives the focus back only from a dialog that still is in the page.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
    };
  }, []);
  return (
    // A click beside a sheet is a shortcut: Escape and the content's buttons do the same from the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className={[styles.dialog, styles[kind]].join(' ')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (kind === 'sheet' && event.target === event.currentTarget) onClose();
      }}
    >
      <div className={styles.content}>
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
