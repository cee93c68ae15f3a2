import { memo, type CSSProperties, type ReactNode } from 'react';

import { Age } from '../../components/Age';
import type { RankedBitcoin } from '../../lib/api/types';
import type { Trace } from '../../lib/history';
import { Change } from './Change';
import styles from './RankingTable.module.css';

/** What a row holds besides the ranking itself. These must be the same functions at each render. */
export interface CoinSlots {
  renderPrice: (coin: RankedBitcoin) => ReactNode;
  renderActions: (coin: RankedBitcoin) => ReactNode;
  /** Tells the coin's story. */
  onOpen: (symbol: string) => void;
}

interface RankingRowProps extends CoinSlots {
  coin: RankedBitcoin;
  /** From 0, among all rows. */
  index: number;
  /** Pixels from the first row's upper edge. */
  top: number;
  trace: Trace | undefined;
  /** A write of it is under way. */
  isPending: boolean;
}

export const RankingRow = memo(function RankingRow({ coin, index, top, trace, ...props }: RankingRowProps) {
  const { symbol } = coin;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={props.isPending}
      data-symbol={symbol}
      data-price={coin.price}
      className={styles.row}
      style={{ '--top': `${top}px` } as CSSProperties}
    >
      <div role="cell" className={styles.rank}>
        {coin.rank}
      </div>
      <div role="rowheader" className={styles.symbol}>
        <button
          type="button"
          className={styles.open}
          aria-label={`${symbol}, its story`}
          aria-haspopup="dialog"
          onClick={() => {
            props.onOpen(symbol);
          }}
        >
          {symbol}
        </button>
      </div>
      <div role="cell" className={styles.price}>
        {props.renderPrice(coin)}
      </div>
      <div role="cell" className={styles.change}>
        <Change trace={trace} />
      </div>
      <div role="cell" className={styles.updated}>
        <Age time={coin.updated_at} />
      </div>
      <div role="cell" className={styles.actions}>
        {props.renderActions(coin)}
      </div>
    </div>
  );
});
