// A ring around each cell that leads since the election that is told, drawn in the DOM over the canvas: the same ring in
// every mode, still or moving, and gone with the telling.
'use client';

import styles from './past.module.css';
import type { Layout } from './scene/layout.ts';

export interface RingedCell {
  readonly topic: string;
  readonly partition: number;
  readonly brokerId: number;
}

/** The ring stands this far outside the cell. */
const gap = 4;

export function ElectionRings({ layout, rings }: { readonly layout: Layout; readonly rings: readonly RingedCell[] }): React.JSX.Element {
  const wanted = new Set(rings.map((ring) => `${ring.brokerId} ${ring.topic} ${ring.partition}`));
  const places = layout.cells.filter(
    ({ cell }) => cell.state === 'leader' && wanted.has(`${cell.brokerId} ${cell.topic} ${cell.partition}`),
  );
  return (
    <div aria-hidden="true" className={styles.rings} data-rings={places.length}>
      {places.map((place) => (
        <i
          key={place.key}
          style={{ left: place.x - gap, top: place.y - gap, width: place.width + 2 * gap, height: place.height + 2 * gap }}
        />
      ))}
    </div>
  );
}
