import { useWhisper } from '../../components/Announcer';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { Skeleton } from '../../components/Skeleton';
import { describeOrigin } from '../../lib/api/describe';
import { usePriceHistory } from '../../lib/history';
import { CoinFacts } from './CoinFacts';
import styles from './CoinStory.module.css';
import { Reads } from './Reads';
import { SeenPrices } from './SeenPrices';
import { useCoin, useLastError, useRank } from './useCoin';
import { useStoryEvents } from './useStoryEvents';

interface StoryProps {
  symbol: string;
  onClose: () => void;
}

/** The story of a coin in whatever state it is. */
export function Story({ symbol, onClose }: StoryProps) {
  const { events, addEviction } = useStoryEvents(symbol);
  const coin = useCoin(symbol);
  const error = useLastError(coin);
  const isMissing = error?.status === 404;
  const known = isMissing ? undefined : coin.data?.data;
  const rank = useRank(symbol, known !== undefined);
  const seen = usePriceHistory().of(symbol);
  const whisper = useWhisper();

  /** Says what came of it. */
  async function readAgain() {
    const [{ data, error }] = await Promise.all([coin.refetch(), known && rank.refetch()]);
    if (error !== null || data === undefined) whisper(`Not read. ${error?.message ?? ''}`);
    else whisper(`Read: ${describeOrigin(data.origin).text}`);
  }

  return (
    <>
      {coin.isPending && error === null && (
        <div aria-busy="true">
          <p className="visually-hidden">Reading {symbol}…</p>
          <Skeleton className={styles.skeleton} />
        </div>
      )}
      {isMissing && (
        <Notice
          tone="warning"
          title={`There is no coin ${symbol}.`}
          action={<Button onClick={onClose}>Back to the ranking</Button>}
        >
          It was never added, or it was deleted.
        </Notice>
      )}
      {error && !isMissing && (
        <Notice
          tone={known ? 'warning' : 'danger'}
          title={known ? 'The last read failed' : `${symbol} could not be read`}
        >
          {error.message}
        </Notice>
      )}
      {known && (
        <CoinFacts
          coin={known}
          rank={rank.data}
          readAt={new Date(coin.dataUpdatedAt)}
          seen={seen?.version ?? known.version}
        />
      )}
      {known && <SeenPrices prices={seen?.prices ?? [known.price]} />}
      {(known !== undefined || events.length > 0) && (
        <Reads
          symbol={symbol}
          events={events}
          busy={coin.isFetching}
          onRead={() => void readAgain()}
          onEvict={addEviction}
          canEvict={known !== undefined}
        />
      )}
    </>
  );
}
