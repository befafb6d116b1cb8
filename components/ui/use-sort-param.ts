// The order of a table lives in the URL, so that a link shows the same list to someone else.
'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import type { Sort } from './data-table.tsx';

export function useSortParam(name = 'sort'): readonly [Sort | null, (sort: Sort | null) => void] {
  const [text, setText] = useQueryState(name, parseAsString.withOptions({ history: 'replace' }));
  const sort = useMemo(() => parseSort(text), [text]);
  return [sort, (next) => void setText(next === null ? null : formatSort(next))];
}

/** "lag" is ascending, "-lag" descending. */
export function parseSort(text: string | null): Sort | null {
  if (text === null || text === '' || text === '-') return null;
  return text.startsWith('-') ? { by: text.slice(1), descending: true } : { by: text, descending: false };
}

export function formatSort(sort: Sort): string {
  return sort.descending ? `-${sort.by}` : sort.by;
}
