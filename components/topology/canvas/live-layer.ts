// What changes every frame: dots, and nothing else. All dots of a kind go into one path, so that a frame sets four
// fills at most, whatever their number. Each leaves a mark of where it was, for the frame that takes it away.

import { placeOfDot } from '../scene/hit-test.ts';
import { dotKinds } from '../scene/particles.ts';
import type { Palette } from './palette.ts';
import type { Dot, DotKind, RecordId } from '../scene/particles.ts';
import type { Layout } from '../scene/layout.ts';
import type { Placed } from '../scene/path.ts';
import type { Scene } from '../scene/scene.ts';

type Context = CanvasRenderingContext2D;

const produceRadius = 2.7;
const ackRadius = 2.3;
const diamondReach = 2.7;

function traceDot(context: Context, kind: DotKind, at: Placed): void {
  switch (kind) {
    case 'produce':
      context.moveTo(at.x + produceRadius, at.y);
      context.arc(at.x, at.y, produceRadius, 0, Math.PI * 2);
      return;
    case 'ack':
      context.moveTo(at.x + ackRadius, at.y);
      context.arc(at.x, at.y, ackRadius, 0, Math.PI * 2);
      return;
    case 'replicate':
      context.moveTo(at.x, at.y - diamondReach);
      context.lineTo(at.x + diamondReach, at.y);
      context.lineTo(at.x, at.y + diamondReach);
      context.lineTo(at.x - diamondReach, at.y);
      context.closePath();
      return;
    case 'consume':
      traceTriangle(context, at);
  }
}

/** Points the way it goes; the vector is turned by hand to spare a transform a dot. */
function traceTriangle(context: Context, at: Placed): void {
  const [cos, sin] = [Math.cos(at.angle), Math.sin(at.angle)];
  context.moveTo(at.x + 3.6 * cos, at.y + 3.6 * sin);
  context.lineTo(at.x - 2.6 * cos - 3.1 * sin, at.y - 2.6 * sin + 3.1 * cos);
  context.lineTo(at.x - 2.6 * cos + 3.1 * sin, at.y - 2.6 * sin - 3.1 * cos);
  context.closePath();
}

function paintKind(context: Context, kind: DotKind, palette: Palette): void {
  if (kind !== 'ack') {
    context.fillStyle = palette.flow[kind];
    context.fill();
    return;
  }
  context.fillStyle = palette.case;
  context.fill();
  context.lineWidth = 1.3;
  context.strokeStyle = palette.flow.produce;
  context.stroke();
}

const placed: Placed = { x: 0, y: 0, angle: 0 };

function drawKind(
  context: Context,
  scene: Scene,
  look: { readonly layout: Layout; readonly kind: DotKind; readonly palette: Palette; readonly marks: number[] },
): void {
  let any = false;
  for (let index = 0; index < scene.pool.count; index += 1) {
    const dot = scene.pool.at(index);
    if (dot.kind !== look.kind) continue;
    const at = placeOfDot(look.layout, dot, { nowMs: scene.shownMs, into: placed });
    if (at === null) continue;
    if (!any) context.beginPath();
    any = true;
    traceDot(context, look.kind, at);
    look.marks.push(at.x, at.y);
  }
  if (any) paintKind(context, look.kind, look.palette);
}

function isSame(dot: Dot, record: RecordId): boolean {
  return dot.offset === record.offset && dot.partition === record.partition && dot.topic === record.topic;
}

/** The followed record wears a ring wherever a hop of it is on its way. */
function drawFollowed(
  context: Context,
  scene: Scene,
  look: { readonly layout: Layout; readonly record: RecordId; readonly palette: Palette },
): void {
  for (let index = 0; index < scene.pool.count; index += 1) {
    const dot = scene.pool.at(index);
    if (dot.kind === 'ack' || !isSame(dot, look.record)) continue;
    const at = placeOfDot(look.layout, dot, { nowMs: scene.shownMs, into: placed });
    if (at === null) continue;
    context.beginPath();
    context.arc(at.x, at.y, 7.5, 0, Math.PI * 2);
    context.lineWidth = 1.4;
    context.strokeStyle = look.palette.ink;
    context.stroke();
    drawTag(context, at, look);
  }
}

function drawTag(context: Context, at: Placed, look: { readonly record: RecordId; readonly palette: Palette }): void {
  const text = `${look.record.topic}-${look.record.partition} · ${look.record.offset.toLocaleString('en')}`;
  context.font = `600 11.5px ${look.palette.uiFont}`;
  const width = context.measureText(text).width + 18;
  const y = Math.max(4, at.y - 34);
  context.beginPath();
  context.roundRect(at.x - width / 2, y, width, 18, 3);
  context.fillStyle = look.palette.ink;
  context.fill();
  context.fillStyle = look.palette.case;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(text, at.x, y + 12.8);
}

export interface LiveLook {
  readonly palette: Palette;
  readonly followed: RecordId | null;
  /** Takes the middle of every dot drawn, x and y in turn, in scene units. */
  readonly marks: number[];
}

export function drawLive(context: Context, scene: Scene, { palette, followed, marks }: LiveLook): void {
  const { layout } = scene;
  if (layout === null) return;
  for (const kind of dotKinds) drawKind(context, scene, { layout, kind, palette, marks });
  if (followed !== null) drawFollowed(context, scene, { layout, record: followed, palette });
}
