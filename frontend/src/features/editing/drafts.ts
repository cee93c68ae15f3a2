import { Listeners } from '../../lib/listeners';
import type { Seen } from './changes';

/** A new price that is being typed. */
export interface Draft {
  text: string;
  /** Why it was refused, as long as nothing else is typed. */
  problem: string | null;
  seen: Seen;
  /** It was just opened: its field is to take the focus. */
  isFresh: boolean;
}

/** Where the page shows a price now, for a form to take its place. */
export interface Place {
  hasFocus: () => boolean;
}

/** The open forms for prices, by symbol: a row that leaves the page and comes back still holds what was typed in it. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #places = new Map<string, Place>();
  readonly #listeners = new Listeners();

  /** The same object until it is replaced. */
  readonly of = (symbol: string): Draft | undefined => this.#drafts.get(symbol);

  readonly open = (draft: Draft): void => {
    this.#set(draft.seen.symbol, draft);
  };

  readonly change = (symbol: string, change: Partial<Draft>): void => {
    const draft = this.#drafts.get(symbol);
    if (draft !== undefined) this.#set(symbol, { ...draft, ...change });
  };

  readonly close = (symbol: string): void => {
    this.#drafts.delete(symbol);
    this.#listeners.tell();
  };

  /** Undefined where no price of the coin is on the page. */
  readonly placeOf = (symbol: string): Place | undefined => this.#places.get(symbol);

  /** From now on this is the coin's place, until the function that it returns is called. */
  readonly show = (symbol: string, place: Place): (() => void) => {
    this.#places.set(symbol, place);
    return () => {
      if (this.#places.get(symbol) === place) this.#places.delete(symbol);
    };
  };

  readonly subscribe = this.#listeners.subscribe;

  #set(symbol: string, draft: Draft): void {
    this.#drafts.set(symbol, draft);
    this.#listeners.tell();
  }
}
