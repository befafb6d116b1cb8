// The camera in a person's hands: Ctrl and the wheel come nearer, dragging moves, and home fits everything again.
'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { clampCamera, fitCamera, homeCamera, panBy, zoomAt, type Camera } from './scene/camera.ts';
import type { FrameSize } from './topology-view.tsx';
import type { Layout } from './scene/layout.ts';

export interface CameraControl {
  readonly camera: Camera;
  readonly handlers: Pick<React.HTMLAttributes<HTMLDivElement>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onDoubleClick'>;
}

export function useCamera(input: {
  readonly frameRef: React.RefObject<HTMLDivElement | null>;
  readonly size: FrameSize;
  readonly layout: Layout | null;
}): CameraControl {
  const { frameRef, size, layout } = input;
  const [moved, setMoved] = useState<Camera | null>(null);
  const [sceneWidth, sceneHeight] = [layout?.width ?? 0, layout?.height ?? 0];
  const fitted = useMemo(
    () => (sceneWidth === 0 || size.width === 0 ? homeCamera : fitCamera({ width: sceneWidth, height: sceneHeight }, size)),
    [sceneWidth, sceneHeight, size],
  );
  const camera = useMemo(
    () => (moved === null || sceneWidth === 0 ? fitted : clampCamera(moved, { width: sceneWidth, height: sceneHeight }, size)),
    [moved, fitted, sceneWidth, sceneHeight, size],
  );
  const drag = useRef<{ x: number; y: number } | null>(null);
  useWheel(
    frameRef,
    useCallback((at, factor) => setMoved((before) => zoomAt(before ?? fitted, at, factor)), [fitted]),
  );
  const onPointerDown = useCallback(
    (event: React.PointerEvent) => {
      drag.current = event.button === 0 && camera.scale > fitted.scale ? { x: event.clientX, y: event.clientY } : null;
    },
    [camera, fitted],
  );
  const onPointerMove = useCallback(
    (event: React.PointerEvent) => {
      const from = drag.current;
      if (from === null) return;
      drag.current = { x: event.clientX, y: event.clientY };
      setMoved((before) => panBy(before ?? fitted, { x: event.clientX - from.x, y: event.clientY - from.y }));
    },
    [fitted],
  );
  const onPointerUp = useCallback(() => {
    drag.current = null;
  }, []);
  const onDoubleClick = useCallback(() => setMoved(null), []);
  return { camera, handlers: { onPointerDown, onPointerMove, onPointerUp, onDoubleClick } };
}

/** Wheel events must not be passive, or the page would zoom with the picture. */
function useWheel(frameRef: React.RefObject<HTMLDivElement | null>, onZoom: (at: { x: number; y: number }, factor: number) => void): void {
  useEffect(() => {
    const element = frameRef.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      onZoom({ x: event.clientX - box.left, y: event.clientY - box.top }, Math.exp(-event.deltaY / 300));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [frameRef, onZoom]);
}
