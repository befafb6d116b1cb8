// What the pointer and the keyboard touch on a map of cells: one element for the cell in focus, never one for each.
// Around it stands a loupe of 24 pixels, because the cell itself is too small a target; the table has all of them.
'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { toScene, type Camera } from './scene/camera.ts';
import { moveOfKey } from './scene/roving.ts';
import styles from './map-focus.module.css';
import type { CellMap } from './scene/cell-map.ts';
import type { Cell } from './scene/cells.ts';
import type { LiveView } from './use-live-view.ts';

interface MapFocusProps {
  readonly map: CellMap;
  readonly view: LiveView;
  readonly camera: Camera;
  readonly frameRef: React.RefObject<HTMLDivElement | null>;
}

/** Half of the loupe. */
const reach = 12;

export function MapFocus({ map, view, camera, frameRef }: MapFocusProps): React.JSX.Element | null {
  const t = useTranslations('live.grid');
  const [at, setAt] = useState(0);
  const hovered = useHovered(map, camera, frameRef);
  const index = Math.min(at, map.count - 1);
  const onKeyDown = useCallback(
    (event: React.KeyboardEvent) => {
      const move = moveOfKey(event.key);
      if (move !== null) setAt((before) => map.moveFocus(Math.min(before, map.count - 1), move));
      else if (event.key === 'Enter' || event.key === ' ') select(map.cellAt(index), view);
      else return;
      event.preventDefault();
    },
    [map, index, view],
  );
  if (map.count === 0) return null;
  const cell = map.cellAt(index);
  const shown = view.selection?.kind === 'partition' ? view.selection : null;
  const lit = hovered >= 0 ? map.cellAt(hovered) : shown;
  return (
    <div role="grid" aria-label={t('label')} aria-rowcount={map.cabinets.length} className={styles.grid}>
      <div role="row" aria-rowindex={map.cabinets.indexOf(map.cabinetOf(index)) + 1} aria-label={t('broker', { id: cell.brokerId })}>
        <div
          role="gridcell"
          tabIndex={0}
          aria-label={cellWords(cell, t)}
          aria-selected={shown !== null && shown.topic === cell.topic && shown.partition === cell.partition}
          className={styles.loupe}
          style={around(map, index)}
          onKeyDown={onKeyDown}
        />
      </div>
      {lit === null
        ? null
        : map
            .replicasOf(lit.topic, lit.partition)
            .map((replica) => <i key={replica} aria-hidden="true" className={styles.lit} style={around(map, replica)} />)}
      {hovered >= 0 ? (
        <span aria-hidden="true" className={styles.tag} style={{ left: around(map, hovered).left, top: around(map, hovered).top - 22 }}>
          {cellWords(map.cellAt(hovered), t)}
        </span>
      ) : null}
    </div>
  );
}

function around(map: CellMap, index: number): { readonly left: number; readonly top: number } {
  const { x, y, width, height } = map.rect(index);
  return { left: x + width / 2 - reach, top: y + height / 2 - reach };
}

function select({ topic, partition, brokerId }: Cell, view: LiveView): void {
  view.select({ kind: 'partition', topic, partition, brokerId });
}

function cellWords(cell: Cell, t: ReturnType<typeof useTranslations<'live.grid'>>): string {
  const state = t(`state.${cell.state}`);
  const words = cell.isSecondChoice ? t('secondChoice', { state }) : state;
  return t('cell', { partition: `${cell.topic}-${cell.partition}`, state: words, broker: cell.brokerId });
}

/** The cell under the pointer; -1 where there is none. */
function useHovered(map: CellMap, camera: Camera, frameRef: React.RefObject<HTMLDivElement | null>): number {
  const [hovered, setHovered] = useState(-1);
  useEffect(() => {
    const frame = frameRef.current;
    if (frame === null) return undefined;
    const onMove = (event: PointerEvent): void => {
      const box = frame.getBoundingClientRect();
      setHovered(map.indexAt(toScene(camera, { x: event.clientX - box.left, y: event.clientY - box.top })));
    };
    const onLeave = (): void => setHovered(-1);
    frame.addEventListener('pointermove', onMove);
    frame.addEventListener('pointerleave', onLeave);
    return () => {
      frame.removeEventListener('pointermove', onMove);
      frame.removeEventListener('pointerleave', onLeave);
    };
  }, [map, camera, frameRef]);
  return hovered < map.count ? hovered : -1;
}
