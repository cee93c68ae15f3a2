import { useMemo } from 'react';

import { replaceUrlParams, useUrlParams } from '../../lib/url';
import { arrangementOf, COLUMNS, sortedBy, type Arrangement, type Column, type Order } from './arrange';

interface ArrangementControls {
  arrangement: Arrangement;
  /** As `sortedBy` has it. */
  sortBy: (column: Column) => void;
  setSort: (column: Column, order: Order) => void;
  setSearch: (text: string) => void;
}

/** The arrangement that the page's address tells, so that it can be kept, shared and gone back to. */
export function useArrangement(): ArrangementControls {
  const params = useUrlParams();
  return useMemo(() => {
    const arrangement = arrangementOf(params);
    const setSort = (column: Column, order: Order) => {
      const isDefault = column === COLUMNS[0]?.column && order === COLUMNS[0].first;
      replaceUrlParams({ sort: isDefault ? null : column, order: isDefault ? null : order });
    };
    return {
      arrangement,
      setSort,
      sortBy: (column: Column) => {
        const sorted = sortedBy(column, arrangement);
        setSort(sorted.column, sorted.order);
      },
      setSearch: (text: string) => {
        replaceUrlParams({ q: text === '' ? null : text });
      },
    };
  }, [params]);
}
