// Right-angled paths with round elbows, and the tables that dots ride on.
// A path is sampled once into evenly spaced points, so that a frame costs two lookups a dot.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corner points of a right-angled polyline; `radius` rounds every corner that has room for it. */
export interface Route {
  readonly points: readonly Point[];
  readonly radius: number;
}

export const tableSize = 256;
/** Points along one quarter turn: at radius 11 the chord error is under a tenth of a pixel. */
const elbowSteps = 8;

export interface PathTable {
  /** x0, y0, x1, y1, ... evenly spaced along the path. */
  readonly coordinates: Float32Array;
  readonly length: number;
}

export interface Placed {
  x: number;
  y: number;
  angle: number;
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  const share = whole === 0 ? 0 : length / whole;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The radius a corner can really have between its two neighbours. */
export function elbowRadius(before: Point, corner: Point, pair: { readonly after: Point; readonly radius: number }): number {
  return Math.min(pair.radius, distance(before, corner) / 2, distance(corner, pair.after) / 2);
}

function appendElbow(flat: Point[], corner: Point, ends: { readonly enter: Point; readonly leave: Point }): void {
  for (let step = 1; step <= elbowSteps; step += 1) {
    const t = step / elbowSteps;
    const rest = 1 - t;
    flat.push({
      x: rest * rest * ends.enter.x + 2 * rest * t * corner.x + t * t * ends.leave.x,
      y: rest * rest * ends.enter.y + 2 * rest * t * corner.y + t * t * ends.leave.y,
    });
  }
}

/** The route as straight pieces, elbows flattened. */
export function flatten(route: Route): readonly Point[] {
  const { points, radius } = route;
  const flat: Point[] = [points[0]!];
  for (let at = 1; at < points.length - 1; at += 1) {
    const [before, corner, after] = [points[at - 1]!, points[at]!, points[at + 1]!];
    const turn = elbowRadius(before, corner, { after, radius });
    const enter = towards(corner, before, turn);
    flat.push(enter);
    appendElbow(flat, corner, { enter, leave: towards(corner, after, turn) });
  }
  if (points.length > 1) flat.push(points.at(-1)!);
  return flat;
}

/** Samples a route into `tableSize` evenly spaced points. */
export function tabulate(route: Route): PathTable {
  const flat = flatten(route);
  const coordinates = new Float32Array(tableSize * 2);
  let length = 0;
  for (let at = 1; at < flat.length; at += 1) length += distance(flat[at - 1]!, flat[at]!);
  let piece = 1;
  let walked = 0;
  for (let index = 0; index < tableSize; index += 1) {
    const target = (length * index) / (tableSize - 1);
    while (piece < flat.length - 1 && walked + distance(flat[piece - 1]!, flat[piece]!) < target) {
      walked += distance(flat[piece - 1]!, flat[piece]!);
      piece += 1;
    }
    const spot = towards(flat[piece - 1]!, flat[piece] ?? flat[piece - 1]!, Math.max(0, target - walked));
    coordinates[index * 2] = spot.x;
    coordinates[index * 2 + 1] = spot.y;
  }
  return { coordinates, length };
}

/** Where a share 0..1 of the way lies, with the direction of travel; writes into `into` to spare the collector. */
export function placeOn(table: PathTable, share: number, into: Placed): Placed {
  const exact = Math.min(1, Math.max(0, share)) * (tableSize - 1);
  const index = Math.min(tableSize - 2, Math.floor(exact));
  const rest = exact - index;
  const at = index * 2;
  const [x0, y0, x1, y1] = [table.coordinates[at]!, table.coordinates[at + 1]!, table.coordinates[at + 2]!, table.coordinates[at + 3]!];
  into.x = x0 + (x1 - x0) * rest;
  into.y = y0 + (y1 - y0) * rest;
  into.angle = Math.atan2(y1 - y0, x1 - x0);
  return into;
}
