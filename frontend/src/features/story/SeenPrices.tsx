import { Sparkline } from '../../components/Sparkline';
import { toneOf } from '../../components/sparkline';
import styles from './SeenPrices.module.css';
import { describePrices } from './prices';

/** The prices that this page has seen, as a line and in words. */
export function SeenPrices({ prices }: { prices: readonly number[] }) {
  return (
    <figure className={styles.seen}>
      {prices.length > 1 && <Sparkline values={prices} tone={toneOf(prices)} className={styles.line} />}
      <figcaption>{describePrices(prices)}</figcaption>
    </figure>
  );
}
