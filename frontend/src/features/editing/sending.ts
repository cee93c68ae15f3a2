import type { ApiClient, Precondition } from '../../lib/api/client';
import type { Bitcoin } from '../../lib/api/types';
import type { Written } from '../../lib/api/written';
import type { Change } from './changes';

/** What a write leaves: the coin, or none. It is what the coin's next write may replace. */
export type Left = Bitcoin | 'absent';

/** Makes a write that may replace what is `stored`. */
export async function send(api: ApiClient, change: Change, stored: Precondition): Promise<Left> {
  if (change.kind === 'delete') {
    await api.deleteBitcoin(change.symbol, stored);
    return 'absent';
  }
  const { purpose, symbol, price } = change;
  const { data } = await (purpose === 'add'
    ? api.addBitcoin({ symbol, price })
    : api.setPrice(symbol, price, stored));
  return data;
}

/** What was written by a change that was made. */
export async function writtenBy({ symbol, version, stored }: Change, left: Left): Promise<Written> {
  if (left !== 'absent') return { kind: 'set', coin: left };
  const deleted = await stored;
  return { kind: 'delete', symbol, version: deleted === 'absent' ? version : deleted.version };
}
