import { Age } from '../../components/Age';
import { Fact } from '../../components/Fact';
import type { Bitcoin, Rank } from '../../lib/api/types';
import { formatClock, formatCount, formatMoment } from '../../lib/format';
import styles from './CoinFacts.module.css';

interface CoinFactsProps {
  coin: Bitcoin;
  rank: Rank | undefined;
  /** When the coin was read. */
  readAt: Date;
  /** The newest version that this page has seen, which need not be the one read. */
  seen: number;
}

/** What a coin was when it was read. */
export function CoinFacts({ coin, rank, readAt, seen }: CoinFactsProps) {
  return (
    <div className={styles.known}>
      <p className={styles.asRead}>
        As read at {formatClock(readAt)}.{' '}
        {seen > coin.version && `The page has seen version ${formatCount(seen)} since.`}
      </p>
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
    </div>
  );
}
