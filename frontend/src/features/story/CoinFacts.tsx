import { Age } from '../../components/Age';
import { Fact } from '../../components/Fact';
import type { Bitcoin, Rank } from '../../lib/api/types';
import { formatCount, formatMoment } from '../../lib/format';
import styles from './CoinFacts.module.css';

/** What a coin is now. */
export function CoinFacts({ coin, rank }: { coin: Bitcoin; rank: Rank | undefined }) {
  return (
    <dl className={styles.facts}>
      <Fact name="Price">
        <span className={styles.price}>{formatCount(coin.price)}</span>
      </Fact>
      <Fact name="Rank">{rank && `${formatCount(rank.rank)} of ${formatCount(rank.total)}`}</Fact>
      <Fact name="Version">{formatCount(coin.version)}</Fact>
      <Fact name="Last write">
        <Age time={coin.updated_at} />
        <span className={styles.exact}>{formatMoment(new Date(coin.updated_at))}</span>
      </Fact>
      <Fact name="Created">
        <Age time={coin.created_at} />
        <span className={styles.exact}>{formatMoment(new Date(coin.created_at))}</span>
      </Fact>
    </dl>
  );
}
