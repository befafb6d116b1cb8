// A table before its first answer: heads and places at once, bars where text will stand, and no shimmer.
import styles from './data-table.module.css';
import { Skeleton, Waiting } from './notice.tsx';

const widths = [84, 44, 62, 38, 52, 70];

export function LoadingTable({
  heads,
  rows = 6,
  awaited,
}: {
  readonly heads: readonly React.ReactNode[];
  readonly rows?: number;
  readonly awaited: React.ReactNode;
}): React.JSX.Element {
  return (
    <div aria-busy="true" className={styles.places}>
      <table className={styles.table}>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={index} className={index === 0 ? '' : styles.right}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {heads.map((_head, index) => (
                <td key={index} className={index === 0 ? '' : styles.right}>
                  <Skeleton width={widths[(row + index) % widths.length] ?? 44} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Waiting>{awaited}</Waiting>
    </div>
  );
}
