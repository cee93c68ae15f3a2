import { useEffect, type RefObject } from 'react';

import { useWhisper } from '../../components/Announcer';
import { formatCount } from '../../lib/format';
import { useUrlParams } from '../../lib/url';
import { COLUMNS, type Arrangement, type Column, type Order } from './arrange';
import styles from './RankingTools.module.css';

interface RankingToolsProps {
  searchField: RefObject<HTMLInputElement>;
  arrangement: Arrangement;
  /** How many coins the search leaves. */
  matches: number;
  onSort: (column: Column, order: Order) => void;
  onSearch: (text: string) => void;
}

/** Search, and the sorting for narrow pages, which have no column heads. */
export function RankingTools({ searchField, arrangement, matches, onSort, onSearch }: RankingToolsProps) {
  const typed = useUrlParams().get('q') ?? '';
  useSlashFocuses(searchField);
  useWhisperedMatches(arrangement.search, matches);
  return (
    <search className={styles.tools}>
      <label className={styles.search}>
        <span>Search coins</span>
        <input
          ref={searchField}
          type="search"
          placeholder="Symbol"
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            onSearch(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onSearch('');
          }}
        />
        {typed === '' && <kbd aria-hidden="true">/</kbd>}
      </label>
      {arrangement.search !== '' && <p className={styles.matches}>{formatCount(matches)} found</p>}
      <SortSelect arrangement={arrangement} onSort={onSort} />
    </search>
  );
}

function SortSelect({ arrangement, onSort }: Pick<RankingToolsProps, 'arrangement' | 'onSort'>) {
  const orders: Order[] = ['ascending', 'descending'];
  return (
    <label className={styles.sort}>
      <span>Sort by</span>
      <select
        value={`${arrangement.column} ${arrangement.order}`}
        onChange={(event) => {
          const [column, order] = event.target.value.split(' ') as [Column, Order];
          onSort(column, order);
        }}
      >
        {COLUMNS.flatMap(({ column, title }) =>
          orders.map((order) => (
            <option key={`${column} ${order}`} value={`${column} ${order}`}>
              {title}, {order}
            </option>
          )),
        )}
      </select>
    </label>
  );
}

/** Long enough for most people to have typed on. */
const TYPING_MS = 700;

function useWhisperedMatches(search: string, matches: number): void {
  const whisper = useWhisper();
  useEffect(() => {
    if (search === '') return;
    const timer = setTimeout(() => {
      whisper(`${formatCount(matches)} found`);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [matches, search, whisper]);
}

/** `/` outside of fields leads to the search, as on GitHub and many others. */
function useSlashFocuses(field: RefObject<HTMLInputElement>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog') !== null)
        return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [field]);
}
