import { useDeferredValue, useMemo, useRef, type ReactNode } from 'react';

import { Notice } from '../../components/Notice';
import { Panel } from '../../components/Panel';
import { formatCount, formatQuantity } from '../../lib/format';
import { usePriceHistory } from '../../lib/history';
import { arrange } from './arrange';
import { MAX_COINS } from './coins';
import { Failure } from './Failure';
import { NoMatch } from './NoMatch';
import styles from './RankingPanel.module.css';
import type { CoinSlots } from './RankingRow';
import { RankingSkeleton } from './RankingSkeleton';
import { RankingTable } from './RankingTable';
import { RankingTools } from './RankingTools';
import { useArrangement } from './useArrangement';
import type { LoadedRanking, RankingState } from './useRanking';
import { PRINTED } from './useWindowedRows';

interface RankingPanelProps extends CoinSlots {
  state: RankingState;
  /** Adds a coin; stands above the coins, whatever state they are in. */
  adding: ReactNode;
  /** The first step of whoever has no coin yet. */
  begin: ReactNode;
}

/** The ranking in whatever state it is. */
export function RankingPanel({ state, adding, begin, ...slots }: RankingPanelProps) {
  const { ranking, failure, retry, onSeen } = state;
  const { arrangement, sortBy, setSort, setSearch } = useArrangement();
  const heading = useRef<HTMLHeadingElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  // What is typed shows at once; the rows follow when there is time.
  const arranged = useDeferredValue(arrangement);
  const history = usePriceHistory();
  const coins = useMemo(
    () => arrange(ranking?.coins ?? [], arranged, history.of),
    [ranking?.coins, arranged, history],
  );
  const isEmpty = ranking?.coins.length === 0;
  const isListed = ranking !== undefined && !isEmpty;
  return (
    <Panel ref={heading} title="Ranking" aside={ranking && extent(ranking)}>
      {failure !== null && <Failure error={failure} updatedAt={ranking?.updatedAt} onRetry={retry} />}
      <div className={styles.tools}>
        {isListed && (
          <RankingTools
            searchField={searchField}
            arrangement={arrangement}
            matches={coins.length}
            onSort={setSort}
            onSearch={setSearch}
          />
        )}
        {adding}
      </div>
      {ranking === undefined && failure === null && <RankingSkeleton />}
      {isEmpty && (
        <Notice tone="info" title="No coins yet" action={begin}>
          The first one is ranked as soon as it is added.
        </Notice>
      )}
      {isListed && coins.length === 0 && (
        <NoMatch
          search={arranged.search}
          isPartial={ranking.coins.length < ranking.total}
          onOpen={slots.onOpen}
          onClear={() => {
            setSearch('');
            searchField.current?.focus();
          }}
        />
      )}
      {isListed && coins.length > 0 && (
        <RankingTable
          coins={coins}
          pending={ranking.pending}
          arrangement={arranged}
          onSort={sortBy}
          onSeen={onSeen}
          heading={heading}
          {...slots}
        />
      )}
      {coins.length > PRINTED && (
        <p className={styles.printed}>
          The first {formatCount(PRINTED)} of {formatCount(coins.length)}.
        </p>
      )}
      {ranking !== undefined && isCut(ranking) && (
        <p className={styles.more}>Coins of lower prices are not listed: search for the symbol of one.</p>
      )}
    </Panel>
  );
}

/** Whether more coins are stored than the page lists. */
function isCut({ coins, total }: LoadedRanking): boolean {
  return coins.length >= MAX_COINS && coins.length < total;
}

function extent({ coins, total }: LoadedRanking): string {
  const all = formatQuantity(total, 'coin');
  return coins.length < total ? `${formatCount(coins.length)} of ${all}` : all;
}
