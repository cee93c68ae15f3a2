/** What one may do about a message, such as taking back what it tells. */
export interface MessageAction {
  label: string;
  run: () => void;
}

export interface Message {
  id: number;
  text: string;
  action: MessageAction | null;
}

const OFFERS = 3;

/**
 * The messages to show once `message` has come, newest last. One that offers something stays beside those that follow it,
 * for it may be the only way back; as many as a page has room for.
 */
export function withMessage(shown: readonly Message[], message: Message): readonly Message[] {
  const offers = shown.filter(({ action }) => action !== null);
  return message.action === null ? [...offers, message] : [...offers, message].slice(-OFFERS);
}
