// The case: a canvas for what moves, DOM over them for names, focus and screen readers. React mounts the stage and
// draws labels when figures or places change; frames go past it.
'use client';

import { useEffect, useRef, useState } from 'react';
import { useReducedMotion } from '@mantine/hooks';
import { CabinetLabels } from './cabinet-labels.tsx';
import { CellGrid } from './cell-grid.tsx';
import { ElectionRings, type RingedCell } from './election-rings.tsx';
import { ClientCards } from './client-cards.tsx';
import { GroupCards } from './group-cards.tsx';
import { MapFocus } from './map-focus.tsx';
import { MapLabels } from './map-labels.tsx';
import { SceneHeads } from './scene-heads.tsx';
import { SceneNotes } from './scene-notes.tsx';
import { EdgeCounters } from './edge-counters.tsx';
import { useStage } from './use-stage.ts';
import { useCamera } from './use-camera.ts';
import { useFeedRevision } from './use-live-feed.ts';
import { useSceneSummary } from './use-scene-summary.ts';
import styles from './topology-view.module.css';
import type { LiveFeed } from './live-feed.ts';
import type { LiveView } from './use-live-view.ts';

export interface TopologyViewProps {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  readonly isTraced: boolean;
  /** An election is told beside it. */
  readonly isTold?: boolean;
  /** Cells that lead since the election that is told. */
  readonly rings?: readonly RingedCell[];
}

export function TopologyView({ feed, view, isTraced, isTold = false, rings = [] }: TopologyViewProps): React.JSX.Element {
  useFeedRevision(feed);
  const frameRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const isStill = useIsStill(view);
  const size = useFrameSize(frameRef);
  const camera = useCamera({ frameRef, size, layout: feed.scene.layout });
  const { pick } = useStage({ feed, view, isStill, isLevelHeld: isTold, size, camera: camera.camera, canvasRef });
  const summary = useSceneSummary(feed.scene);
  const { layout } = feed.scene;
  const { x, y, scale } = camera.camera;
  // `--least` is 11 px on the screen, in units of the scene: where a drawer makes the picture smaller, small type doesn't follow.
  const transform = {
    transform: `translate(${x}px, ${y}px) scale(${scale})`,
    '--least': `${Math.min(15, 11 / scale)}px`,
  } as React.CSSProperties;
  return (
    <div
      ref={frameRef}
      className={styles.frame}
      data-level={feed.scene.level}
      data-still={isStill || undefined}
      onClick={pick}
      {...camera.handlers}
    >
      <div role="img" aria-label={summary} className={styles.picture}>
        <canvas ref={canvasRef} className={styles.canvas} />
      </div>
      {layout === null ? null : (
        <div className={styles.overlay} style={transform}>
          <SceneHeads scene={feed.scene} layout={layout} />
          {layout.map === null ? (
            <CabinetLabels scene={feed.scene} layout={layout} view={view} />
          ) : (
            <MapLabels scene={feed.scene} layout={layout} view={view} />
          )}
          {layout.level === 'fleet' ? null : <ClientCards scene={feed.scene} layout={layout} view={view} isTraced={isTraced} />}
          {layout.level === 'fleet' ? null : <GroupCards scene={feed.scene} layout={layout} view={view} />}
          {isStill ? <EdgeCounters scene={feed.scene} layout={layout} /> : null}
          {view.hasNotes ? <SceneNotes scene={feed.scene} layout={layout} /> : null}
          <ElectionRings layout={layout} rings={rings} />
          {layout.map === null ? (
            <CellGrid layout={layout} view={view} />
          ) : (
            <MapFocus map={layout.map} view={view} camera={camera.camera} frameRef={frameRef} />
          )}
        </div>
      )}
    </div>
  );
}

export function useIsStill(view: LiveView): boolean {
  const wantsLess = useReducedMotion();
  return view.still ?? wantsLess;
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

function useFrameSize(ref: React.RefObject<HTMLDivElement | null>): FrameSize {
  const [size, setSize] = useState<FrameSize>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
