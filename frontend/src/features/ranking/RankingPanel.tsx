import { useDeferredValue, useMemo, useRef, type ReactNode, type RefObject } from 'react';

import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { Panel } from '../../components/Panel';
import { formatCount, formatQuantity } from '../../lib/format';
import { usePriceHistory } from '../../lib/history';
import { arrange } from './arrange';
import { MAX_COINS } from './coins';
import { Failure } from './Failure';
import { NoMatch } from './NoMatch';
import type { CoinSlots } from './RankingRow';
import { RankingSkeleton } from './RankingSkeleton';
import { RankingTable } from './RankingTable';
import { RankingTools } from './RankingTools';
import { useArrangement } from './useArrangement';
import type { LoadedRanking, RankingState } from './useRanking';

interface RankingPanelProps extends CoinSlots {
  state: RankingState;
  /** Adds a coin; stands above the coins, whatever state they are in. */
  adding: ReactNode;
  /** The first step of whoever has no coin yet. */
  begin: ReactNode;
}

/** The ranking in whatever state it is. */
export function RankingPanel({ state, adding, begin, ...slots }: RankingPanelProps) {
  const { ranking, failure, retry } = state;
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <Panel ref={heading} title="Ranking" aside={ranking && extent(ranking)}>
      {failure !== null && <Failure error={failure} updatedAt={ranking?.updatedAt} onRetry={retry} />}
      {adding}
      {ranking === undefined && failure === null && <RankingSkeleton />}
      {ranking?.coins.length === 0 && (
        <Notice tone="info" title="No coins yet" action={begin}>
          The first one is ranked as soon as it is added.
        </Notice>
      )}
      {ranking !== undefined && ranking.coins.length > 0 && (
        <Coins ranking={ranking} onSeen={state.onSeen} heading={heading} {...slots} />
      )}
    </Panel>
  );
}

interface CoinsProps extends CoinSlots, Pick<RankingState, 'onSeen'> {
  ranking: LoadedRanking;
  heading: RefObject<HTMLElement>;
}

function Coins({ ranking, ...table }: CoinsProps) {
  const { arrangement, sortBy, setSort, setSearch } = useArrangement();
  const searchField = useRef<HTMLInputElement>(null);
  const history = usePriceHistory();
  // What is typed shows at once; the rows follow when there is time.
  const arranged = useDeferredValue(arrangement);
  const coins = useMemo(
    () => arrange(ranking.coins, arranged, history.of),
    [ranking.coins, arranged, history],
  );
  return (
    <>
      <RankingTools
        searchField={searchField}
        arrangement={arrangement}
        matches={coins.length}
        onSort={setSort}
        onSearch={setSearch}
      />
      {coins.length === 0 ? (
        <NoMatch
          search={arranged.search}
          isPartial={ranking.coins.length < ranking.total}
          onOpen={table.onOpen}
          onClear={() => {
            setSearch('');
            searchField.current?.focus();
          }}
        />
      ) : (
        <RankingTable
          coins={coins}
          pending={ranking.pending}
          arrangement={arranged}
          onSort={sortBy}
          {...table}
        />
      )}
      {ranking.coins.length === MAX_COINS && (
        <Button onClick={() => searchField.current?.focus()}>
          Lower prices are not listed: search for a symbol to find them
        </Button>
      )}
    </>
  );
}

function extent({ coins, total }: LoadedRanking): string {
  const all = formatQuantity(total, 'coin');
  return coins.length < total ? `${formatCount(coins.length)} of ${all}` : all;
}
