import type { ReactNode } from 'react';

import { Age } from '../../components/Age';
import type { RankedBitcoin } from '../../lib/api/types';
import { useNow } from '../../lib/hooks';
import styles from './RankingTable.module.css';

/** What stands in a row besides the ranking itself. */
export interface CoinSlots {
  renderPrice: (coin: RankedBitcoin) => ReactNode;
  renderActions: (coin: RankedBitcoin) => ReactNode;
}

interface RankingTableProps extends CoinSlots {
  coins: RankedBitcoin[];
}

const AGE_TICK_MS = 5000;

export function RankingTable({ coins, renderPrice, renderActions }: RankingTableProps) {
  const now = useNow(AGE_TICK_MS);
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Coins by price, highest first</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.number}>
            Rank
          </th>
          <th scope="col">Symbol</th>
          <th scope="col" className={styles.number} aria-sort="descending">
            Price
          </th>
          <th scope="col">Updated</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {coins.map((coin) => (
          <tr key={coin.symbol}>
            <td className={styles.rank}>{coin.rank}</td>
            <th scope="row" className={styles.symbol}>
              {coin.symbol}
            </th>
            <td className={styles.price}>{renderPrice(coin)}</td>
            <td className={styles.updated}>
              <Age time={coin.updated_at} now={now} />
            </td>
            <td className={styles.actions}>{renderActions(coin)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
