import { describe, expect, it } from 'vitest';

import { withMessage, type Message } from './announcerMessages';

const message = (text: string): Message => ({ id: 0, text, action: null });
const offer = (text: string): Message => ({
  ...message(text),
  action: { label: 'Undo', run: () => undefined },
});

const shownAfter = (...messages: Message[]) =>
  messages.reduce<readonly Message[]>(withMessage, []).map(({ text }) => text);

describe('messages that are shown', () => {
  it('pass for the next one', () => {
    expect(shownAfter(message('a'), message('b'))).toEqual(['b']);
  });

  it('stay beside the next where they offer something', () => {
    expect(shownAfter(offer('a'), message('b'))).toEqual(['a', 'b']);
    expect(shownAfter(offer('a'), message('b'), offer('c'))).toEqual(['a', 'c']);
  });

  it('are the last three of those', () => {
    expect(shownAfter(offer('a'), offer('b'), offer('c'), offer('d'))).toEqual(['b', 'c', 'd']);
    expect(shownAfter(offer('a'), offer('b'), offer('c'), message('d'))).toEqual(['a', 'b', 'c', 'd']);
  });
});
