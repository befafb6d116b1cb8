// A table before its first answer: its own columns at once, bars where text will stand, and no shimmer.
// Invariant: it takes the columns of the table it stands for, so what a phone hides there is hidden here, and nothing
// changes its place when the answer comes.
import { columnClass, type Column } from './data-table.tsx';
import { TableHead } from './data-table-head.tsx';
import styles from './data-table.module.css';
import { Skeleton, Waiting } from './notice.tsx';

const widths = [84, 44, 62, 38, 52, 70];

export interface LoadingTableProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows?: number;
  readonly rowHeight?: number;
  readonly awaited: React.ReactNode;
}

export function LoadingTable<Row>({ columns, rows = 6, rowHeight = 36, awaited }: LoadingTableProps<Row>): React.JSX.Element {
  return (
    <div aria-busy="true">
      <div className={`${styles.scroll} ${styles.places}`} inert>
        <table className={styles.table} style={{ '--row-h': `${rowHeight}px` } as React.CSSProperties}>
          <TableHead columns={columns} sort={null} onSort={undefined} />
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={row}>
                {columns.map((column, index) => (
                  <td key={column.id} className={columnClass(column)}>
                    <Skeleton width={widths[(row + index) % widths.length] ?? 44} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Waiting>{awaited}</Waiting>
    </div>
  );
}
