import { MutationObserver, type QueryClient } from '@tanstack/react-query';

import type { MessageAction } from '../../components/announcerMessages';
import type { ApiClient } from '../../lib/api/client';
import { toApiError, type ApiError } from '../../lib/api/errors';
import type { Bitcoin } from '../../lib/api/types';
import { WRITE_KEY } from '../../lib/api/writes';
import type { PriceHistory } from '../../lib/history';
import { restoration, seenAs, type Change, type Seen } from './changes';
import { agreement, type Conflict } from './conflict';
import { failureOf, type Failure } from './failures';
import type { KeptAnswers } from './keptAnswers';
import { doneMessage, failedMessage, unknownMessage, unreadMessage } from './messages';
import { send, writtenBy, type Left } from './sending';
import { WriteOrder } from './writeOrder';

interface Surroundings {
  api: ApiClient;
  queries: QueryClient;
  answers: KeptAnswers;
  history: PriceHistory;
  announce: (text: string, action?: MessageAction) => void;
  onConflict: (conflict: Conflict) => void;
  /** No write is taken for now. */
  onRefusal: (error: ApiError) => void;
}

/** Makes the page's writes and tells what came of them. */
export class Writer {
  readonly #around: Surroundings;
  readonly #order = new WriteOrder();
  readonly #mutations: MutationObserver<Left, ApiError, Change>;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#mutations = new MutationObserver<Left, ApiError, Change>(around.queries, {
      mutationKey: WRITE_KEY,
      mutationFn: (change) =>
        this.#order.run(change.symbol, change.stored, (stored) => send(around.api, change, stored)),
      onSuccess: (left, change) => this.#succeeded(left, change),
      onError: (error, change) => {
        this.#failed(error, change);
      },
    });
  }

  /** Shows a write at once and makes it. What is under way already is not made again. */
  readonly write = (change: Change): void => {
    // Whoever watches the mutations sees it fail; `onError` has told the person.
    if (!isSame(this.#underWay(change.symbol), change)) this.#mutations.mutate(change).catch(() => undefined);
  };

  /** What a person sees of a coin now: what was read, and upon it what this page is writing. */
  readonly see = (coin: Bitcoin): Seen => {
    const last = this.#underWay(coin.symbol);
    const stored = this.#order.after(coin.symbol);
    if (last?.kind !== 'set' || last.version < coin.version || stored === undefined) return seenAs(coin);
    return { symbol: coin.symbol, price: last.price, version: last.version, stored };
  };

  /** The last of the writes of a coin that are under way. */
  #underWay(symbol: string): Change | undefined {
    return this.#around.queries
      .getMutationCache()
      .findAll({ mutationKey: WRITE_KEY, status: 'pending' })
      .map(({ state }) => state.variables as Change)
      .filter((change) => change.symbol === symbol)
      .at(-1);
  }

  async #succeeded(left: Left, change: Change): Promise<void> {
    const { answers, history, announce } = this.#around;
    if (left !== 'absent') history.observe([left]);
    await answers.takeIn(await writtenBy(change, left));
    announce(doneMessage(change), this.#undo(change));
  }

  #undo(change: Change): MessageAction | undefined {
    if (change.kind === 'set') return undefined;
    const { symbol, price, version } = change.seen;
    return this.#offer('Undo', restoration(symbol, price, version + 1));
  }

  #offer(label: string, change: Change): MessageAction {
    const run = () => {
      this.write(change);
    };
    return { label, run };
  }

  #failed(error: ApiError, change: Change): void {
    const failure = failureOf(error, change);
    // What failed often means that the ranking on the page is no longer what it was.
    this.#around.answers.doubt(change.symbol);
    if (failure === 'conflict') {
      void this.#compare(change);
      return;
    }
    if (failure === 'refused') this.#around.onRefusal(error);
    const message = failure === 'unknown' ? unknownMessage(change, error) : failedMessage(change, error);
    this.#around.announce(message, this.#recovery(error, failure, change));
  }

  #recovery(error: ApiError, failure: Failure, change: Change): MessageAction | undefined {
    return change.purpose === 'restore' ? this.#offer('Put back', change) : change.recover(error, failure);
  }

  /** Reads what someone else wrote, for the person to choose; where both want the same, it says so. */
  async #compare(change: Change): Promise<void> {
    const { announce, onConflict } = this.#around;
    try {
      const conflict = { change, current: await this.#current(change.symbol) };
      const agreed = agreement(conflict);
      if (agreed === null) onConflict(conflict);
      else announce(agreed);
    } catch (thrown) {
      const error = toApiError(thrown);
      announce(unreadMessage(change, error), this.#recovery(error, 'conflict', change));
    }
  }

  async #current(symbol: string): Promise<Bitcoin | null> {
    try {
      return (await this.#around.api.coin(symbol)).data;
    } catch (error) {
      if (toApiError(error).status === 404) return null;
      throw error;
    }
  }
}

function isSame(one: Change | undefined, other: Change): boolean {
  if (one?.kind !== other.kind) return false;
  return one.kind === 'delete' || other.kind === 'delete' || one.price === other.price;
}
