// The heat map beside the fleet: a row a topic, a column a measurement, newest at the right.

import { mixColours } from './colour.ts';
import { heatColumns, type HeatRow } from '../scene/heat-book.ts';
import type { Palette } from './palette.ts';
import type { Rect } from '../scene/layout.ts';

type Context = CanvasRenderingContext2D;

const heatRowHeight = 15;
/** For names and heading. */
const heatHead = 22;
const nameWidth = 118;
const steps = 10;

export function heatRowsFitting(place: Rect): number {
  return Math.max(0, Math.floor((place.height - heatHead) / heatRowHeight));
}

/** 0 to 10 by the root of the rate: a topic with a hundredth of the highest rate is still seen. */
function heatStep(rate: number, highest: number): number {
  return highest === 0 ? 0 : Math.round(steps * Math.sqrt(Math.min(1, rate / highest)));
}

export function drawHeat(context: Context, rows: readonly HeatRow[], look: { readonly place: Rect; readonly palette: Palette }): void {
  const { place, palette } = look;
  const highest = rows.reduce((most, row) => row.rates.reduce((rate, one) => (one > rate ? one : rate), most), 0);
  const colours = Array.from({ length: steps + 1 }, (_, step) =>
    mixColours(palette.shelf, palette.flow.produce, 0.08 + (0.92 * step) / steps),
  );
  rows.forEach((row, index) =>
    drawRow(context, row, { x: place.x, y: place.y + heatHead + index * heatRowHeight, highest, colours, width: place.width, palette }),
  );
}

interface RowLook {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly highest: number;
  readonly colours: readonly string[];
  readonly palette: Palette;
}

function drawRow(context: Context, row: HeatRow, { x, y, width, highest, colours, palette }: RowLook): void {
  const step = (width - nameWidth) / heatColumns;
  context.font = `400 11px ${palette.uiFont}`;
  context.fillStyle = palette.ink2;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.fillText(fitting(context, row.topic), x, y + 11);
  row.rates.forEach((rate, column) => {
    if (Number.isNaN(rate)) return;
    context.fillStyle = colours[heatStep(rate, highest)]!;
    context.fillRect(x + nameWidth + column * step, y + 1, step + 0.3, heatRowHeight - 2);
  });
}

/** The name, cut to its column. */
function fitting(context: Context, name: string): string {
  if (context.measureText(name).width <= nameWidth - 8) return name;
  let length = Math.min(name.length, 24);
  while (length > 1 && context.measureText(`${name.slice(0, length)}…`).width > nameWidth - 8) length -= 1;
  return `${name.slice(0, length)}…`;
}
