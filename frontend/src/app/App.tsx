import { useCallback, useRef } from 'react';

import { Button } from '../components/Button';
import { AnswerOrigin } from '../features/cache/AnswerOrigin';
import { Answers } from '../features/cache/Answers';
import { CacheFacts } from '../features/cache/CacheFacts';
import { AddBitcoinForm } from '../features/editing/AddBitcoinForm';
import { DeleteButton } from '../features/editing/DeleteButton';
import { EditablePrice } from '../features/editing/EditablePrice';
import { EditingProvider } from '../features/editing/EditingProvider';
import { ReadOnlyNotice } from '../features/editing/ReadOnlyNotice';
import { RankingPanel } from '../features/ranking/RankingPanel';
import { useRanking } from '../features/ranking/useRanking';
import { CoinStory } from '../features/story/CoinStory';
import type { RankedBitcoin } from '../lib/api/types';
import { usePromptPolls } from '../lib/polling';
import { pushUrlParams, undoUrlParams, useUrlParams } from '../lib/url';
import styles from './App.module.css';
import { LiveStatus } from './LiveStatus';
import { ThemeSwitch } from './ThemeSwitch';

/** The one screen: what the cache did, a form to add a coin, the ranking. */
export function App() {
  const state = useRanking();
  const symbolField = useRef<HTMLInputElement>(null);
  const coin = useUrlParams().get('coin');
  usePromptPolls();
  const begin = useCallback(() => symbolField.current?.focus(), []);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>BitcoinCache</h1>
          <p>Coins ranked by price, kept by PostgreSQL, served from Redis.</p>
        </div>
        <div className={styles.status}>
          <LiveStatus state={state} />
          {state.ranking !== undefined && state.failure === null && (
            <AnswerOrigin origin={state.ranking.origin} />
          )}
        </div>
        <ThemeSwitch />
      </header>
      <main className={styles.main}>
        <CacheFacts />
        <Answers />
        <EditingProvider>
          <ReadOnlyNotice />
          <RankingPanel
            state={state}
            adding={<AddBitcoinForm ref={symbolField} />}
            begin={<Button onClick={begin}>Add the first coin</Button>}
            renderPrice={renderPrice}
            renderActions={renderActions}
            onOpen={openStory}
          />
        </EditingProvider>
      </main>
      {coin !== null && <CoinStory key={coin} symbol={coin} onClose={closeStory} />}
    </div>
  );
}

const renderPrice = (coin: RankedBitcoin) => <EditablePrice coin={coin} />;
const renderActions = (coin: RankedBitcoin) => <DeleteButton coin={coin} />;
const openStory = (symbol: string) => {
  pushUrlParams({ coin: symbol });
};
const closeStory = () => {
  undoUrlParams('coin');
};
