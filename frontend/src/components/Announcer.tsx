import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

import { requiredContext } from '../lib/requiredContext';
import { AnnouncerRegion } from './AnnouncerRegion';
import { withMessage, type Message, type MessageAction } from './announcerMessages';

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

const SAID_MS = 6000;

export function Announcer({ children }: { children: ReactNode }) {
  const ids = useRef(0);
  const [said, setSaid] = useState<Message | null>(null);
  const [shown, setShown] = useState<readonly Message[]>([]);
  const [places, setPlaces] = useState<readonly HTMLElement[]>([]);
  const announcements = useMemo<Announcements>(() => {
    const say = (text: string, action: MessageAction | null): Message => {
      ids.current += 1;
      const message = { id: ids.current, text, action };
      setSaid(message);
      return message;
    };
    return {
      announce: (text, action) => {
        const message = say(text, action ?? null);
        setShown((before) => withMessage(before, message));
      },
      whisper: (text) => {
        say(text, null);
      },
      speakFrom: (place) => {
        setPlaces((known) => [...known, place]);
        return () => {
          setPlaces((known) => known.filter((one) => one !== place));
        };
      },
    };
  }, []);
  // What was said long ago is not said again where the region moves.
  useEffect(() => {
    const timer = setTimeout(() => {
      setSaid(null);
    }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);
  const onDone = useCallback((done: Message) => {
    setShown((before) => before.filter((message) => message !== done));
  }, []);
  const place = places.at(-1);
  const region = <AnnouncerRegion said={said} shown={shown} onDone={onDone} />;
  // First, so that what a message offers is the page's first stop.
  return (
    <Provider value={announcements}>
      {place === undefined ? region : createPortal(region, place)}
      {children}
    </Provider>
  );
}
