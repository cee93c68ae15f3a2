import type { Recover, Seen } from './changes';
import type { Drafts } from './drafts';
import { hiddenMessage } from './messages';

/**
 * Keeps the price that was typed as `text` over what was `seen`. Where no write is taken for now it is typed already as soon
 * as one is: the form is open again, and takes the focus only where the price had it. Else it is offered.
 */
export function priceRecovery(
  drafts: Drafts,
  announce: (text: string) => void,
  text: string,
  seen: Seen,
): Recover {
  const { symbol } = seen;
  return ({ fields }, failure) => {
    const draft = { text, seen, problem: fields[0]?.message ?? null };
    if (failure === 'refused' && drafts.of(symbol) === undefined) {
      drafts.open({ ...draft, isFresh: drafts.placeOf(symbol)?.hasFocus() ?? false });
      return undefined;
    }
    const reopen = () => {
      // A form that comes into sight much later must not take the focus then.
      const isFresh = drafts.placeOf(symbol) !== undefined;
      drafts.open({ ...draft, isFresh });
      if (!isFresh) announce(hiddenMessage(symbol));
    };
    return { label: 'Edit again', run: reopen };
  };
}
