// Still mode: where dots would move, each pipe shows its number instead, once a second.
'use client';

import { useFormat } from '#components/ui/use-format.ts';
import { edgeRate } from './scene/edges.ts';
import { placeOn } from './scene/path.ts';
import styles from './edge-counters.module.css';
import type { Edge } from './scene/edges.ts';
import type { Layout } from './scene/layout.ts';
import type { Scene } from './scene/scene.ts';

/** Near the cabinet, where pipes of one card have parted. */
const shareAt: Readonly<Record<Edge['kind'], number>> = { produce: 0.9, consume: 0.1, replicate: 0.5 };

export function EdgeCounters({ scene, layout }: { readonly scene: Scene; readonly layout: Layout }): React.JSX.Element {
  const format = useFormat();
  return (
    <>
      {scene.structure.edges.map((edge) => {
        const ride = layout.rides[edge.index];
        if (ride === null || ride === undefined) return null;
        const at = placeOn(ride, shareAt[edge.kind], { x: 0, y: 0, angle: 0 });
        return (
          <span key={edge.index} className={styles.counter} data-flow={edge.kind} style={{ left: at.x, top: at.y }}>
            {format.rate(edgeRate(edge, scene.figures?.atMs ?? scene.shownMs))}
          </span>
        );
      })}
    </>
  );
}
