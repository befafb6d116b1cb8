// The camera: fits the scene into its window, and lets a person come nearer. Scale 1 is one unit to one pixel;
// fitting never enlarges, so that type keeps its size on large screens.

import type { Point } from './path.ts';

export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const homeCamera: Camera = { scale: 1, x: 0, y: 0 };
export const maxZoom = 3;

export function fitScale(scene: Size, frame: Size): number {
  return Math.min(1, frame.width / scene.width, frame.height / scene.height);
}

/** Keeps the scene in the frame: at home when it fits, else never past its own edge. */
export function clampCamera(camera: Camera, scene: Size, frame: Size): Camera {
  const least = fitScale(scene, frame);
  const scale = Math.min(maxZoom, Math.max(least, camera.scale));
  const clamp = (value: number, length: number, room: number): number => Math.min(0, Math.max(Math.min(0, room - length * scale), value));
  return { scale, x: clamp(camera.x, scene.width, frame.width), y: clamp(camera.y, scene.height, frame.height) };
}

export function fitCamera(scene: Size, frame: Size): Camera {
  return clampCamera({ scale: 0, x: 0, y: 0 }, scene, frame);
}

/** Zooms by `factor` about a point of the frame, which keeps the same place of the scene under it. */
export function zoomAt(camera: Camera, at: Point, factor: number): Camera {
  const scale = Math.min(maxZoom, camera.scale * factor);
  const share = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * share, y: at.y - (at.y - camera.y) * share };
}

export function panBy(camera: Camera, by: Point): Camera {
  return { ...camera, x: camera.x + by.x, y: camera.y + by.y };
}

export function toScene(camera: Camera, at: Point): Point {
  return { x: (at.x - camera.x) / camera.scale, y: (at.y - camera.y) / camera.scale };
}
