// The picture as data: ids, states and positions, for tests that assert on what is drawn and not on pixels.

import { edgeRate } from './edges.ts';
import { placeOfDot } from './hit-test.ts';
import type { CellMap } from './cell-map.ts';
import type { CellState } from './cells.ts';
import type { DetailLevel } from './detail-level.ts';
import type { DotKind } from './particles.ts';
import type { Ledger } from './ledger.ts';
import type { Scene } from './scene.ts';

export interface SceneExport {
  readonly level: DetailLevel;
  readonly ratio: number;
  readonly shownMs: number;
  readonly isPaused: boolean;
  readonly ledger: Ledger;
  readonly cells: readonly { readonly key: string; readonly state: CellState; readonly x: number; readonly y: number }[];
  readonly dots: readonly {
    readonly kind: DotKind;
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly isPromoted: boolean;
    readonly x: number;
    readonly y: number;
  }[];
  readonly edges: readonly {
    readonly kind: string;
    readonly cardKey: string | null;
    readonly brokerId: number;
    readonly followerId: number | null;
    readonly perSecond: number;
  }[];
}

function cellsOf(map: CellMap): SceneExport['cells'] {
  return Array.from({ length: map.count }, (_, index) => ({
    key: map.keyAt(index),
    state: map.cellAt(index).state,
    x: map.rect(index).x,
    y: map.rect(index).y,
  }));
}

export function exportScene(scene: Scene): SceneExport | null {
  const { layout } = scene;
  if (layout === null) return null;
  const dots = Array.from({ length: scene.pool.count }, (_, index) => scene.pool.at(index)).flatMap((dot) => {
    const placed = placeOfDot(layout, dot, { nowMs: scene.shownMs, into: { x: 0, y: 0, angle: 0 } });
    return placed === null
      ? []
      : [
          {
            kind: dot.kind,
            topic: dot.topic,
            partition: dot.partition,
            offset: dot.offset,
            isPromoted: dot.isPromoted,
            x: placed.x,
            y: placed.y,
          },
        ];
  });
  return {
    level: scene.level,
    ratio: scene.ratio,
    shownMs: scene.shownMs,
    isPaused: scene.isPaused,
    ledger: scene.ledger,
    cells:
      layout.map === null
        ? layout.cells.map((place) => ({ key: place.key, state: place.cell.state, x: place.x, y: place.y }))
        : cellsOf(layout.map),
    dots,
    edges: scene.structure.edges.map((edge) => ({
      kind: edge.kind,
      cardKey: edge.cardKey,
      brokerId: edge.brokerId,
      followerId: edge.followerId,
      perSecond: edgeRate(edge, scene.shownMs),
    })),
  };
}
