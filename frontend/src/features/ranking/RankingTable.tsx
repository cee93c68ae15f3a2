import { useEffect, useRef, type CSSProperties, type RefObject } from 'react';

import type { RankedBitcoin } from '../../lib/api/types';
import { usePriceHistory } from '../../lib/history';
import { COLUMNS, type Arrangement, type Column } from './arrange';
import { RankingRow, type CoinSlots } from './RankingRow';
import styles from './RankingTable.module.css';
import { useKeptFocus } from './useKeptFocus';
import { useRowMotion } from './useRowMotion';
import { useWindowedRows } from './useWindowedRows';

interface RankingTableProps extends CoinSlots {
  coins: readonly RankedBitcoin[];
  pending: ReadonlySet<string>;
  arrangement: Arrangement;
  onSort: (column: Column) => void;
  onSeen: (coins: readonly RankedBitcoin[]) => void;
  /** Gets the focus when the rows that had it are gone. */
  heading: RefObject<HTMLElement>;
}

/** The coins as rows, of which only those on the screen, and the one with the focus, are in the document. */
export function RankingTable({
  coins,
  pending,
  arrangement,
  onSort,
  onSeen,
  heading,
  ...slots
}: RankingTableProps) {
  const history = usePriceHistory();
  const body = useRef<HTMLDivElement>(null);
  const { rows, height } = useWindowedRows(body, coins, useKeptFocus(body, coins, heading));
  useRowMotion(body, rows, `${arrangement.column} ${arrangement.order} ${arrangement.search}`);
  useEffect(() => {
    onSeen(rows.map(({ coin }) => coin));
  }, [onSeen, rows]);
  return (
    <div role="table" aria-label="Coins" aria-rowcount={coins.length + 1} className={styles.table}>
      <Head arrangement={arrangement} onSort={onSort} />
      <div
        ref={body}
        role="rowgroup"
        className={styles.body}
        style={{ '--height': `${height}px` } as CSSProperties}
      >
        {rows.map(({ coin, index, top }) => (
          <RankingRow
            key={coin.symbol}
            coin={coin}
            index={index}
            top={top}
            trace={history.of(coin.symbol)}
            isPending={pending.has(coin.symbol)}
            {...slots}
          />
        ))}
      </div>
    </div>
  );
}

function Head({ arrangement, onSort }: Pick<RankingTableProps, 'arrangement' | 'onSort'>) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.row}>
        {COLUMNS.map(({ column, title }) => {
          const isSorted = column === arrangement.column;
          return (
            <div
              key={column}
              role="columnheader"
              aria-sort={isSorted ? arrangement.order : 'none'}
              className={styles[column]}
            >
              <button
                type="button"
                className={styles.sort}
                onClick={() => {
                  onSort(column);
                }}
              >
                {title}
                <span aria-hidden="true" className={styles.direction}>
                  {isSorted && (arrangement.order === 'ascending' ? '↑' : '↓')}
                </span>
              </button>
            </div>
          );
        })}
        <div role="columnheader" className={styles.actions}>
          <span className="visually-hidden">Actions</span>
        </div>
      </div>
    </div>
  );
}
