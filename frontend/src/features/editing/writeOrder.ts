import type { Precondition } from '../../lib/api/client';

/** Sends the writes of one coin one after another, and knows what each left. */
export class WriteOrder {
  readonly #left = new Map<string, Promise<Precondition>>();

  /**
   * What is stored of a coin once the writes of it that were given so far are answered, as far as this page can know:
   * a write that failed left what it was to replace, so that whoever goes on from there meets what made it fail.
   * Undefined where there was no write. Never rejects.
   */
  after(symbol: string): Promise<Precondition> | undefined {
    return this.#left.get(symbol);
  }

  /** Calls `send` after the writes of this coin that were given before are answered; `send` resolves to what it left. */
  async run<Left extends Precondition>(
    symbol: string,
    stored: Promise<Precondition>,
    send: (precondition: Precondition) => Promise<Left>,
  ): Promise<Left> {
    const before = this.#left.get(symbol);
    const sent = Promise.all([stored, before]).then(([precondition]) => send(precondition));
    this.#left.set(
      symbol,
      sent.catch(() => stored),
    );
    return sent;
  }
}
