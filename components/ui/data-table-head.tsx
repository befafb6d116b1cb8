// The head of a table: a press sorts, a second press turns the order, a third gives the table's own order back.
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Column, Sort } from './data-table.tsx';
import styles from './data-table.module.css';

export interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly onSort: ((sort: Sort | null) => void) | undefined;
}

export function TableHead<Row>({ columns, sort, onSort }: TableHeadProps<Row>): React.JSX.Element {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            className={`${column.align === 'right' ? styles.right : ''} ${column.isWide === true ? styles.wide : ''}`}
            aria-sort={ariaSort(column.id, sort)}
          >
            {column.sortBy === undefined || onSort === undefined ? (
              column.header
            ) : (
              <button
                type="button"
                className={`${styles.sort} ${sort?.by === column.id ? styles.sorted : ''}`}
                onClick={() => onSort(nextSort(column.id, sort))}
              >
                {column.header}
                {sort?.by !== column.id ? null : sort.descending ? <ArrowDown size={11} aria-hidden /> : <ArrowUp size={11} aria-hidden />}
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Ascending, descending, then the table's own order again. */
export function nextSort(by: string, sort: Sort | null): Sort | null {
  if (sort?.by !== by) return { by, descending: false };
  return sort.descending ? null : { by, descending: true };
}

function ariaSort(id: string, sort: Sort | null): 'ascending' | 'descending' | undefined {
  if (sort?.by !== id) return undefined;
  return sort.descending ? 'descending' : 'ascending';
}
