import type { QueryClient, QueryKey } from '@tanstack/react-query';

import type { Answer } from '../../lib/api/client';
import { queryKeys } from '../../lib/api/keys';
import type { Bitcoin, Ranking } from '../../lib/api/types';
import { pagesAfter, type Written } from '../../lib/api/written';

/** The answers that the page keeps, as far as its writes make them old. */
export class KeptAnswers {
  readonly #queries: QueryClient;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  /** Puts a write that was made into the answers. They are read anew, too, but nothing waits for that. */
  async takeIn(written: Written): Promise<void> {
    const coin = coinKey(written.kind === 'set' ? written.coin.symbol : written.symbol);
    // What is under way may have been read before the write; what is asked for from now on cannot have been.
    await Promise.all([queryKeys.ranking, coin].map((queryKey) => this.#queries.cancelQueries({ queryKey })));
    this.#put(written);
    if (written.kind === 'set') this.#putCoin(written.coin);
    this.#read(coin);
    this.#read(queryKeys.cacheReport);
    this.#readPages((page) => page === undefined || page.offset === 0);
  }

  /** Reads anew what a write that failed may show to be old. */
  doubt(symbol: string): void {
    const holdsCoin = ({ items }: Ranking) => items.some((coin) => coin.symbol === symbol);
    this.#read(coinKey(symbol));
    this.#readPages((page) => page === undefined || page.offset === 0 || holdsCoin(page));
  }

  #put(written: Written): void {
    const kept = this.#queries
      .getQueryCache()
      .findAll({ queryKey: queryKeys.ranking })
      .flatMap((query) => {
        const answer = query.state.data as Answer<Ranking> | undefined;
        return answer === undefined ? [] : [{ query, answer }];
      })
      .sort((a, b) => a.answer.data.offset - b.answer.data.offset);
    const pages = kept.map(({ answer }) => answer.data);
    pagesAfter(written, pages).forEach((data, index) => {
      const page = kept[index];
      if (page === undefined || data === page.answer.data) return;
      this.#update(page.query.queryKey, { ...page.answer, data });
    });
  }

  #putCoin(coin: Bitcoin): void {
    const queryKey = coinKey(coin.symbol);
    const answer = this.#queries.getQueryData<Answer<Bitcoin>>(queryKey);
    if (answer !== undefined && answer.data.version < coin.version) {
      this.#update(queryKey, { ...answer, data: coin });
    }
  }

  /** Nothing was read: where the answer came from, and when, stays as it was. */
  #update<T>(queryKey: QueryKey, answer: Answer<T>): void {
    const updatedAt = this.#queries.getQueryState(queryKey)?.dataUpdatedAt;
    this.#queries.setQueryData(queryKey, answer, updatedAt === undefined ? undefined : { updatedAt });
  }

  #read(queryKey: QueryKey): void {
    void this.#queries.refetchQueries({ queryKey, type: 'active' });
  }

  #readPages(isMeant: (page: Ranking | undefined) => boolean): void {
    void this.#queries.refetchQueries({
      queryKey: queryKeys.ranking,
      type: 'active',
      predicate: ({ state }) => isMeant((state.data as Answer<Ranking> | undefined)?.data),
    });
  }
}

const coinKey = (symbol: string): QueryKey => [...queryKeys.coin, symbol];
