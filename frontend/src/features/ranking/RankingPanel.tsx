import { forwardRef } from 'react';

import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { Panel } from '../../components/Panel';
import { formatClock, formatCount, formatQuantity } from '../../lib/format';
import type { LoadedRanking } from './pages';
import { RankingSkeleton } from './RankingSkeleton';
import { RankingTable, type CoinSlots } from './RankingTable';
import type { RankingQuery } from './useRanking';

interface RankingPanelProps extends CoinSlots {
  query: RankingQuery;
}

/** The ranking in whatever state it is; the ref is the panel's heading. */
export const RankingPanel = forwardRef<HTMLHeadingElement, RankingPanelProps>(function RankingPanel(
  { query, ...slots },
  ref,
) {
  const { data } = query;
  return (
    <Panel ref={ref} title="Ranking" aside={data && extent(data)}>
      {query.isError && <Failure query={query} />}
      {query.isPending && <RankingSkeleton />}
      {data?.coins.length === 0 && (
        <Notice tone="info" title="No coins yet">
          Add the first one above: it is ranked at once.
        </Notice>
      )}
      {data !== undefined && data.coins.length > 0 && <RankingTable coins={data.coins} {...slots} />}
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </Panel>
  );
});

function extent({ coins, total }: LoadedRanking): string {
  const all = formatQuantity(total, 'coin');
  return coins.length < total ? `${formatCount(coins.length)} of ${all}` : all;
}

function Failure({ query: { data, dataUpdatedAt, error, refetch } }: { query: RankingQuery }) {
  const title =
    data === undefined
      ? 'The ranking could not be loaded'
      : `Prices as of ${formatClock(new Date(dataUpdatedAt))}: updating them fails`;
  return (
    <Notice
      tone={data === undefined ? 'danger' : 'warning'}
      title={title}
      action={<Button onClick={() => void refetch()}>Try again</Button>}
    >
      {error?.message}
    </Notice>
  );
}
