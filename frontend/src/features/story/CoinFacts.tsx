import type { ReactNode } from 'react';

import { Age } from '../../components/Age';
import type { Bitcoin, Rank } from '../../lib/api/types';
import { formatCount, formatMoment } from '../../lib/format';
import { useNow } from '../../lib/hooks';
import styles from './CoinFacts.module.css';

const AGE_TICK_MS = 5000;

/** What a coin is now. */
export function CoinFacts({ coin, rank }: { coin: Bitcoin; rank: Rank | undefined }) {
  const now = useNow(AGE_TICK_MS);
  return (
    <dl className={styles.facts}>
      <Fact name="Price">
        <span className={styles.price}>{formatCount(coin.price)}</span>
      </Fact>
      <Fact name="Rank">{rank ? `${formatCount(rank.rank)} of ${formatCount(rank.total)}` : '–'}</Fact>
      <Fact name="Version">{formatCount(coin.version)}</Fact>
      <Fact name="Last write">
        <Age time={coin.updated_at} now={now} />
        <span className={styles.exact}>{formatMoment(new Date(coin.updated_at))}</span>
      </Fact>
      <Fact name="Created">
        <Age time={coin.created_at} now={now} />
        <span className={styles.exact}>{formatMoment(new Date(coin.created_at))}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
