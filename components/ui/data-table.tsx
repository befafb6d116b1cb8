// The one table of the console. TanStack Table sorts, TanStack Virtual draws only what is seen once a list is
// long, and the markup stays a native table so that screen readers and copy-paste read it as one.
// Invariant: rows never re-order under the pointer by themselves; only a press on a head changes the order.
'use client';

import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef, type SortingState } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import styles from './data-table.module.css';
import { TableHead } from './data-table-head.tsx';

export interface Column<Row> {
  readonly id: string;
  readonly header: React.ReactNode;
  readonly cell: (row: Row) => React.ReactNode;
  /** A column with a sort value can be sorted by; null sorts last either way. */
  readonly sortBy?: (row: Row) => string | number | null;
  readonly align?: 'right';
  /** Hidden on a phone. */
  readonly isWide?: boolean;
  /** Takes the remaining width and is cut with an ellipsis. */
  readonly grows?: boolean;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort | null) => void;
  readonly onOpen?: (row: Row) => void;
  readonly currentKey?: string | null;
  readonly rowHeight?: number;
  /** Set for lists that can grow: the body scrolls inside this height and only visible rows exist. */
  readonly maxHeight?: string;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

export const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Below this a virtual list costs more than it saves, and hides rows from find-in-page. */
const virtualFrom = 80;

export function DataTable<Row extends object>(props: DataTableProps<Row>): React.JSX.Element {
  const { label, columns, rows, rowKey, sort = null, onSort, rowHeight = 36, maxHeight } = props;
  const scrollRef = useRef<HTMLDivElement>(null);
  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  const sorting = useMemo<SortingState>(() => (sort === null ? [] : [{ id: sort.by, desc: sort.descending }]), [sort]);
  const table = useTable({ features, columns: definitions, data: rows as Row[], getRowId: rowKey, state: { sorting } });
  const ordered = table.getRowModel().rows;
  const isVirtual = maxHeight !== undefined && ordered.length >= virtualFrom;
  const virtualizer = useVirtualizer({
    count: ordered.length,
    enabled: isVirtual,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = isVirtual ? virtualizer.getVirtualItems().map((item) => ordered[item.index]) : ordered;
  const before = isVirtual ? (virtualizer.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = isVirtual ? virtualizer.getTotalSize() - (virtualizer.getVirtualItems().at(-1)?.end ?? 0) : 0;
  return (
    <div
      className={styles.scroll}
      ref={scrollRef}
      style={maxHeight === undefined ? undefined : { maxHeight }}
      tabIndex={maxHeight === undefined ? undefined : 0}
      role={maxHeight === undefined ? undefined : 'group'}
      aria-label={maxHeight === undefined ? undefined : label}
    >
      <table
        className={styles.table}
        aria-label={label}
        aria-rowcount={ordered.length + 1}
        style={{ '--row-h': `${rowHeight}px` } as React.CSSProperties}
      >
        <TableHead columns={columns} sort={sort} onSort={onSort} />
        <tbody>
          {before > 0 ? <Spacer height={before} /> : null}
          {shown.map((row) =>
            row === undefined ? null : <Row key={row.id} row={row.original} id={row.id} index={row.index} {...props} />,
          )}
          {after > 0 ? <Spacer height={after} /> : null}
        </tbody>
      </table>
    </div>
  );
}

function toDefinition<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const { sortBy } = column;
  if (sortBy === undefined) return { id: column.id, enableSorting: false, header: column.id };
  return {
    id: column.id,
    header: column.id,
    accessorFn: (row) => sortBy(row) ?? undefined,
    sortUndefined: 'last',
    sortFn: (left, right, id) => compare(left.getValue<string | number>(id), right.getValue<string | number>(id)),
  };
}

function compare(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}

function Spacer({ height }: { readonly height: number }): React.JSX.Element {
  return (
    <tr className={styles.spacer} aria-hidden="true">
      <td style={{ height }} />
    </tr>
  );
}

interface RowProps<Row> extends DataTableProps<Row> {
  readonly row: Row;
  readonly id: string;
  readonly index: number;
}

function Row<Row extends object>({ row, id, columns, onOpen, currentKey }: RowProps<Row>): React.JSX.Element {
  // The whole row is a convenience for the pointer; the keyboard uses the link or button in its first cell.
  const open = (event: React.MouseEvent): void => {
    if (onOpen !== undefined && (event.target as HTMLElement).closest('a,button,input,label') === null) onOpen(row);
  };
  return (
    <tr
      className={styles.row}
      data-openable={onOpen === undefined ? undefined : ''}
      data-current={currentKey === id ? '' : undefined}
      onClick={open}
    >
      {columns.map((column) => (
        <td key={column.id} className={columnClass(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** What a column's cells look like, and whether a phone shows them. */
export function columnClass(column: { readonly align?: 'right'; readonly isWide?: boolean; readonly grows?: boolean }): string {
  return [
    column.align === 'right' ? styles.right : '',
    column.isWide === true ? styles.wide : '',
    column.grows === true ? styles.grow : '',
  ].join(' ');
}
