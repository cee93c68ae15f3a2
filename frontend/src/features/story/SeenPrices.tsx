import { Sparkline } from '../../components/Sparkline';
import styles from './SeenPrices.module.css';
import { describePrices } from './prices';

/** The prices that this page has seen, as a line and in words. */
export function SeenPrices({ prices }: { prices: readonly number[] }) {
  const [before, now] = [prices.at(-2) ?? NaN, prices.at(-1) ?? NaN];
  const tone = now > before ? 'up' : now < before ? 'down' : 'neutral';
  return (
    <figure className={styles.seen}>
      {prices.length > 1 && <Sparkline values={prices} tone={tone} className={styles.line} />}
      <figcaption>{describePrices(prices)}</figcaption>
    </figure>
  );
}
