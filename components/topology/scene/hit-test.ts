// What lies under a point of the scene. Dots first: they are small, move, and lie on top.

import { hasStarted, progressOf } from './particles.ts';
import { placeOn } from './path.ts';
import type { Dot, DotPool, RecordId } from './particles.ts';
import type { Layout, Rect } from './layout.ts';
import type { Placed, Point } from './path.ts';

/** Half of the 24 pixels a target should have. */
const dotReach = 12;

export type Hit =
  | { readonly kind: 'record'; readonly record: RecordId }
  | { readonly kind: 'cell'; readonly key: string }
  | { readonly kind: 'broker'; readonly brokerId: number }
  | { readonly kind: 'nothing' };

/** Where a dot is drawn; null when it has no pipe or hasn't left. */
export function placeOfDot(layout: Layout, dot: Dot, at: { readonly nowMs: number; readonly into: Placed }): Placed | null {
  const ride = layout.rides[dot.edge];
  if (ride === null || ride === undefined || !hasStarted(dot, at.nowMs)) return null;
  const placed = placeOn(ride, progressOf(dot, at.nowMs), at.into);
  placed.x += Math.sin(placed.angle) * dot.lateral;
  placed.y -= Math.cos(placed.angle) * dot.lateral;
  return placed;
}

function contains(rect: Rect, point: Point): boolean {
  return point.x >= rect.x && point.x <= rect.x + rect.width && point.y >= rect.y && point.y <= rect.y + rect.height;
}

export function hitDot(layout: Layout, pool: DotPool, at: { readonly point: Point; readonly nowMs: number }): Dot | null {
  const into: Placed = { x: 0, y: 0, angle: 0 };
  let best: Dot | null = null;
  let bestDistance = dotReach;
  for (let index = 0; index < pool.count; index += 1) {
    const placed = placeOfDot(layout, pool.at(index), { nowMs: at.nowMs, into });
    if (placed === null) continue;
    const distance = Math.hypot(placed.x - at.point.x, placed.y - at.point.y);
    if (distance >= bestDistance) continue;
    best = pool.at(index);
    bestDistance = distance;
  }
  return best;
}

export function hitTest(layout: Layout, pool: DotPool, at: { readonly point: Point; readonly nowMs: number }): Hit {
  const dot = hitDot(layout, pool, at);
  if (dot !== null) return { kind: 'record', record: { topic: dot.topic, partition: dot.partition, offset: dot.offset } };
  const index = layout.map?.indexAt(at.point) ?? -1;
  if (layout.map !== null && index >= 0) return { kind: 'cell', key: layout.map.keyAt(index) };
  const cell = layout.cells.find((place) => contains(place, at.point));
  if (cell !== undefined) return { kind: 'cell', key: cell.key };
  const cabinet = layout.cabinets.find((place) => place.faces.some((face) => contains(face, at.point)));
  return cabinet === undefined ? { kind: 'nothing' } : { kind: 'broker', brokerId: cabinet.brokerId };
}
