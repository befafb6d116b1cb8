// The pipes. Bundles are drawn far riser first; each lays a halo in the colour of the case under itself, so that
// every crossing shows a gap and which pipe lies on top.

import { traceRoute } from './trace-route.ts';
import type { Palette } from './palette.ts';
import type { Layout, Tube } from '../scene/layout.ts';
import type { Point } from '../scene/path.ts';

type Context = CanvasRenderingContext2D;

const haloMargin = 4;

interface Drawn {
  readonly tube: Tube;
  readonly width: number;
}

function bundles(layout: Layout, widths: readonly number[]): readonly (readonly Drawn[])[] {
  const byName = new Map<string, Drawn[]>();
  layout.tubes.forEach((tube, index) => {
    const bundle = byName.get(tube.bundle) ?? [];
    bundle.push({ tube, width: widths[index] ?? 2.5 });
    byName.set(tube.bundle, bundle);
  });
  return [...byName.values()];
}

function stroke(context: Context, tube: Tube, look: { readonly width: number; readonly colour: string }): void {
  context.beginPath();
  traceRoute(context, tube.route);
  context.lineWidth = look.width;
  context.strokeStyle = look.colour;
  context.stroke();
}

function arrow(context: Context, tip: Point, { direction, colour }: { readonly direction: 1 | -1; readonly colour: string }): void {
  context.beginPath();
  context.moveTo(tip.x + 2 * -direction, tip.y - 5);
  context.lineTo(tip.x + 2 * -direction, tip.y + 5);
  context.lineTo(tip.x + 6 * direction, tip.y);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function chevron(context: Context, at: Point, { way, colour }: { readonly way: Point; readonly colour: string }): void {
  const [dx, dy] = [way.x, way.y];
  context.beginPath();
  context.moveTo(at.x - 4 * dx - 4 * dy, at.y - 4 * dy - 4 * dx);
  context.lineTo(at.x, at.y);
  context.lineTo(at.x - 4 * dx + 4 * dy, at.y - 4 * dy + 4 * dx);
  context.lineWidth = 1.6;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = colour;
  context.stroke();
  context.lineCap = 'butt';
}

function heading(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

function chevronsAlong(context: Context, tube: Tube, colour: string): void {
  const [from, to] = [tube.route.points[0]!, tube.route.points.at(-1)!];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const way = heading(from, to);
  const count = Math.floor(length / 34);
  for (let index = 1; index <= count; index += 1) {
    const at = (length * index) / (count + 1);
    chevron(context, { x: from.x + way.x * at, y: from.y + way.y * at }, { way, colour });
  }
}

function mark(context: Context, tube: Tube, palette: Palette): void {
  const { points } = tube.route;
  const [before, last] = [points.at(-2)!, points.at(-1)!];
  const colour = palette.flow[tube.kind];
  if (tube.mark === 'arrow') arrow(context, last, { direction: last.x < before.x ? -1 : 1, colour });
  if (tube.mark === 'chevron-end') chevron(context, { x: last.x, y: last.y - 2 }, { way: heading(before, last), colour });
  if (tube.mark === 'chevrons') chevronsAlong(context, tube, colour);
}

export function drawPipes(context: Context, layout: Layout, look: { readonly widths: readonly number[]; readonly palette: Palette }): void {
  context.lineJoin = 'round';
  for (const bundle of bundles(layout, look.widths)) {
    for (const { tube, width } of bundle)
      if (tube.hasHairline) stroke(context, tube, { width: width + haloMargin, colour: look.palette.case });
    for (const { tube, width } of bundle) stroke(context, tube, { width, colour: look.palette.tube[tube.kind] });
    for (const { tube } of bundle) if (tube.hasHairline) stroke(context, tube, { width: 0.75, colour: look.palette.hairline[tube.kind] });
    for (const { tube } of bundle) if (tube.mark !== 'none') mark(context, tube, look.palette);
  }
}

/** The mouths of the pipes: a ring where a client writes, a triangle where a group reads. */
export function drawPorts(context: Context, layout: Layout, palette: Palette): void {
  for (const card of layout.clients) {
    context.beginPath();
    context.arc(card.port.x, card.port.y, 4.2, 0, Math.PI * 2);
    outline(context, palette.case, palette.flow.produce);
  }
  for (const card of layout.groups) {
    context.beginPath();
    context.moveTo(card.port.x + 1, card.port.y - 4.8);
    context.lineTo(card.port.x + 9.4, card.port.y);
    context.lineTo(card.port.x + 1, card.port.y + 4.8);
    context.closePath();
    outline(context, palette.case, palette.flow.consume);
  }
}

function outline(context: Context, fill: string, line: string): void {
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 1.9;
  context.strokeStyle = line;
  context.stroke();
}
