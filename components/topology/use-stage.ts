// Starts the stage on its canvas and keeps it in step with options, size, theme and camera.
'use client';

import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { Stage } from './canvas/stage.ts';
import { toScene, type Camera } from './scene/camera.ts';
import { hitDot } from './scene/hit-test.ts';
import { exportScene } from './scene/scene-export.ts';
import type { FrameSize } from './topology-view.tsx';
import type { LiveFeed } from './live-feed.ts';
import type { LiveView } from './use-live-view.ts';
import type { SceneExport } from './scene/scene-export.ts';

declare global {
  interface Window {
    /** For tests and the bench: the picture as data, and how fast it is drawn. */
    logariumScene?: {
      readonly export: () => SceneExport | null;
      readonly frames: () => { readonly frames: number; readonly framesPerSecond: number; readonly p95Ms: number; readonly dots: number };
    };
  }
}

export interface StageInput {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  readonly isStill: boolean;
  readonly isLevelHeld: boolean;
  readonly size: FrameSize;
  readonly camera: Camera;
  readonly canvasRef: React.RefObject<HTMLCanvasElement | null>;
}

export function useStage(input: StageInput): { readonly pick: (event: React.MouseEvent) => void } {
  const { feed, view, isStill, isLevelHeld, size, camera } = input;
  const stageRef = useRef<Stage | null>(null);
  useStageLife(input, stageRef);
  useEffect(
    () => feed.scene.setOptions({ level: view.level, isStill, showInternal: view.showInternal, foldIdle: view.foldIdle, isLevelHeld }),
    [feed, view.level, isStill, view.showInternal, view.foldIdle, isLevelHeld],
  );
  useEffect(() => (view.isPaused ? feed.scene.pause() : feed.scene.resume()), [feed, view.isPaused]);
  // Size, places and camera change in one step, before the browser paints: labels and canvas never part.
  useLayoutEffect(() => {
    if (size.width === 0) return;
    stageRef.current?.resize(size);
    feed.scene.setViewport(size);
    feed.changed();
  }, [feed, size]);
  useLayoutEffect(() => stageRef.current?.setCamera(camera), [camera, size]);
  useEffect(() => stageRef.current?.follow(view.selection?.kind === 'record' ? view.selection.record : null), [view.selection]);
  useThemeRepaint(stageRef);
  const pick = useCallback((event: React.MouseEvent) => pickRecord(event, { feed, view, camera }), [feed, view, camera]);
  return { pick };
}

function useStageLife({ feed, canvasRef }: StageInput, stageRef: React.RefObject<Stage | null>): void {
  useEffect(() => {
    const canvas = canvasRef.current;
    if (canvas === null) return undefined;
    const stage = new Stage({ scene: feed.scene, canvas, onChange: () => feed.changed() });
    stageRef.current = stage;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width > 0) {
      stage.resize({ width, height });
      feed.scene.setViewport({ width, height });
    }
    stage.start();
    window.logariumScene = {
      export: () => exportScene(feed.scene),
      frames: () => ({
        frames: stage.frames,
        framesPerSecond: stage.budget.framesPerSecond,
        p95Ms: stage.budget.p95Ms,
        dots: feed.scene.pool.count,
      }),
    };
    return () => {
      stage.stop();
      delete window.logariumScene;
      stageRef.current = null;
    };
  }, [feed, canvasRef, stageRef]);
}

/** The canvas reads its colours from the page: a changed theme is a changed attribute on the root. */
function useThemeRepaint(stageRef: React.RefObject<Stage | null>): void {
  useEffect(() => {
    const observer = new MutationObserver(() => stageRef.current?.repaint());
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme', 'lang'] });
    void document.fonts.ready.then(() => stageRef.current?.repaint());
    return () => observer.disconnect();
  }, [stageRef]);
}

function pickRecord(event: React.MouseEvent, at: { readonly feed: LiveFeed; readonly view: LiveView; readonly camera: Camera }): void {
  const { scene } = at.feed;
  if (scene.layout === null || (event.target as Element).closest('button, a, [role="gridcell"]') !== null) return;
  const box = event.currentTarget.getBoundingClientRect();
  const point = toScene(at.camera, { x: event.clientX - box.left, y: event.clientY - box.top });
  const dot = hitDot(scene.layout, scene.pool, { point, nowMs: scene.shownMs });
  const index = dot === null ? (scene.layout.map?.indexAt(point) ?? -1) : -1;
  if (index >= 0) {
    const { topic, partition, brokerId } = scene.layout.map!.cellAt(index);
    return at.view.select({ kind: 'partition', topic, partition, brokerId });
  }
  if (dot !== null) at.view.select({ kind: 'record', record: { topic: dot.topic, partition: dot.partition, offset: dot.offset } });
}
