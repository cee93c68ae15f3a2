import { useCallback, useRef } from 'react';

import { Panel } from '../components/Panel';
import { AnswerOrigin } from '../features/cache/AnswerOrigin';
import { CacheFacts } from '../features/cache/CacheFacts';
import { AddBitcoinForm } from '../features/editing/AddBitcoinForm';
import { DeleteButton } from '../features/editing/DeleteButton';
import { EditablePrice } from '../features/editing/EditablePrice';
import { RankingPanel } from '../features/ranking/RankingPanel';
import { useRanking } from '../features/ranking/useRanking';
import type { RankedBitcoin } from '../lib/api/types';
import styles from './App.module.css';

/** The one screen: what the cache did, a form to add a coin, the ranking. */
export function App() {
  const ranking = useRanking();
  const rankingHeading = useRef<HTMLHeadingElement>(null);
  const focusRanking = useCallback(() => {
    rankingHeading.current?.focus();
  }, []);

  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>BitcoinCache</h1>
          <p>Coins ranked by price, kept by PostgreSQL, served from Redis.</p>
        </div>
        {ranking.isSuccess && <AnswerOrigin origin={ranking.data.origin} />}
      </header>
      <main className={styles.main}>
        <CacheFacts />
        <Panel title="Add a coin">
          <AddBitcoinForm />
        </Panel>
        <RankingPanel
          ref={rankingHeading}
          query={ranking}
          renderPrice={renderPrice}
          renderActions={(coin) => <DeleteButton coin={coin} onDeleted={focusRanking} />}
        />
      </main>
    </div>
  );
}

function renderPrice(coin: RankedBitcoin) {
  return <EditablePrice coin={coin} />;
}
