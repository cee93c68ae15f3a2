import { formatCount } from '../../lib/format';

/** What a line of prices shows, in words. */
export function describePrices(prices: readonly number[]): string {
  const latest = prices.at(-1);
  if (latest === undefined || prices.length === 1)
    return 'This page has seen one price so far; a line begins with the next.';
  const [lowest, highest] = [Math.min(...prices), Math.max(...prices)].map(formatCount);
  return `Lowest ${lowest}, highest ${highest}, latest ${formatCount(latest)}: ${prices.length} prices seen by this page.`;
}
