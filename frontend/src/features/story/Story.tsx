import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { usePriceHistory } from '../../lib/history';
import { CoinFacts } from './CoinFacts';
import styles from './CoinStory.module.css';
import { Reads } from './Reads';
import { SeenPrices } from './SeenPrices';
import { useCoin, useRank } from './useCoin';
import { useStoryEvents } from './useStoryEvents';

interface StoryProps {
  symbol: string;
  onClose: () => void;
}

/** The story of a coin in whatever state it is. */
export function Story({ symbol, onClose }: StoryProps) {
  const events = useStoryEvents(symbol);
  const coin = useCoin(symbol);
  const isMissing = coin.error?.status === 404;
  const known = isMissing ? undefined : coin.data?.data;
  const rank = useRank(symbol, known !== undefined);
  const history = usePriceHistory();

  async function readAgain() {
    const [answer] = await Promise.all([coin.refetch(), known && rank.refetch()]);
    return answer.data?.origin ?? null;
  }

  return (
    <>
      {coin.isPending && (
        <div aria-busy="true" className={styles.skeleton}>
          <p className="visually-hidden">Reading {symbol}…</p>
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
      {coin.error && !isMissing && (
        <Notice
          tone={known ? 'warning' : 'danger'}
          title={known ? 'The last read failed' : `${symbol} could not be read`}
          action={
            <Button busy={coin.isFetching} onClick={() => void coin.refetch()}>
              Try again
            </Button>
          }
        >
          {coin.error.message}
        </Notice>
      )}
      {known && <CoinFacts coin={known} rank={rank.data} />}
      {known && <SeenPrices prices={history.of(symbol)?.prices ?? [known.price]} />}
      {(known !== undefined || events.length > 0) && (
        <Reads
          symbol={symbol}
          events={events}
          busy={coin.isFetching}
          onRead={readAgain}
          canEvict={known !== undefined}
        />
      )}
    </>
  );
}
