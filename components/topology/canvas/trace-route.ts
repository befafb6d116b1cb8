// Puts a right-angled route with its round elbows onto a canvas path.

import { elbowRadius } from '../scene/path.ts';
import type { Route } from '../scene/path.ts';

export function traceRoute(context: CanvasRenderingContext2D, route: Route): void {
  const { points, radius } = route;
  const first = points[0];
  if (first === undefined) return;
  context.moveTo(first.x, first.y);
  for (let at = 1; at < points.length - 1; at += 1) {
    const [before, corner, after] = [points[at - 1]!, points[at]!, points[at + 1]!];
    context.arcTo(corner.x, corner.y, after.x, after.y, elbowRadius(before, corner, { after, radius }));
  }
  const last = points.at(-1)!;
  context.lineTo(last.x, last.y);
}
