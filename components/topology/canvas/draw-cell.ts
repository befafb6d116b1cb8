// One cell. State is told by shape and fill before colour: solid, hollow, hatched with a notch, dashed with a cross.

import type { Palette } from './palette.ts';
import type { CellPlace, Rect } from '../scene/layout.ts';

type Context = CanvasRenderingContext2D;

/** Cells narrower than this carry no number. */
const leastNumbered = 22;

function roundRect(context: Context, rect: Rect, radius: number): void {
  context.beginPath();
  context.roundRect(rect.x, rect.y, rect.width, rect.height, radius);
}

function inset(rect: Rect, by: number): Rect {
  return { x: rect.x + by, y: rect.y + by, width: rect.width - 2 * by, height: rect.height - 2 * by };
}

interface NumberLook {
  readonly colour: string;
  readonly weight: number;
  readonly size: number;
  readonly font: string;
  readonly lift?: number;
}

function number(context: Context, place: CellPlace, look: NumberLook): void {
  if (place.width < leastNumbered) return;
  context.font = `${look.weight} ${look.size}px ${look.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = look.colour;
  context.fillText(
    String(place.cell.partition),
    place.x + place.width / 2,
    place.y + place.height / 2 + look.size * 0.36 - (look.lift ?? 0),
  );
}

function solid(context: Context, place: CellPlace, palette: Palette): void {
  roundRect(context, place, place.width < leastNumbered ? 2 : 3);
  context.fillStyle = palette.healthy;
  context.fill();
  number(context, place, { colour: palette.onHealthy, weight: 750, size: 13.5, font: palette.uiFont });
  if (place.cell.isSecondChoice) corner(context, place, palette.onHealthy);
}

/** A small triangle in the corner: this copy leads, though another is the first choice. */
function corner(context: Context, place: CellPlace, colour: string): void {
  const scale = place.width / 30;
  const [x, y] = [place.x + place.width - 10 * scale, place.y + 8 * scale];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 3.5 * scale, y - 5 * scale);
  context.lineTo(x + 7 * scale, y);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function hollow(context: Context, place: CellPlace, palette: Palette): void {
  const width = place.width < leastNumbered ? 1.4 : 2;
  roundRect(context, inset(place, width / 2), 2);
  context.fillStyle = palette.follower;
  context.fill();
  context.lineWidth = width;
  context.strokeStyle = palette.healthy;
  context.stroke();
  number(context, place, { colour: palette.ink, weight: 500, size: 12, font: palette.uiFont });
}

/** The outline of an out-of-sync cell: a notch in its lower edge. */
function notched(context: Context, place: CellPlace): void {
  const { x, y, width, height } = inset(place, 1);
  const bite = place.width < leastNumbered ? 2.5 : 5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.lineTo(x + width, y + height);
  context.lineTo(x + width / 2 + bite, y + height);
  context.lineTo(x + width / 2, y + height - bite);
  context.lineTo(x + width / 2 - bite, y + height);
  context.lineTo(x, y + height);
  context.closePath();
}

function hatched(context: Context, place: CellPlace, palette: Palette): void {
  context.save();
  notched(context, place);
  context.fillStyle = palette.case;
  context.fill();
  context.clip();
  context.beginPath();
  for (let at = -place.height; at < place.width; at += 5.2) {
    context.moveTo(place.x + at, place.y + place.height);
    context.lineTo(place.x + at + place.height, place.y);
  }
  context.lineWidth = 2.1;
  context.strokeStyle = palette.hatch;
  context.stroke();
  context.restore();
  notched(context, place);
  context.lineJoin = 'round';
  context.lineWidth = place.width < leastNumbered ? 1.6 : 2;
  context.strokeStyle = palette.lagging;
  context.stroke();
  hatchedNumber(context, place, palette);
}

function hatchedNumber(context: Context, place: CellPlace, palette: Palette): void {
  if (place.width < leastNumbered) return;
  context.font = `700 12px ${palette.uiFont}`;
  context.textAlign = 'center';
  context.lineWidth = 3.5;
  context.strokeStyle = palette.case;
  context.strokeText(String(place.cell.partition), place.x + place.width / 2, place.y + place.height / 2 + 2);
  number(context, place, { colour: palette.ink, weight: 700, size: 12, lift: 2.3, font: palette.uiFont });
}

function dashed(
  context: Context,
  rect: Rect,
  look: { readonly colour: string; readonly width: number; readonly dash: readonly number[] },
): void {
  context.save();
  roundRect(context, inset(rect, look.width / 2), 2.5);
  context.setLineDash([...look.dash]);
  context.lineWidth = look.width;
  context.strokeStyle = look.colour;
  context.stroke();
  context.restore();
}

function leaderless(context: Context, place: CellPlace, palette: Palette): void {
  dashed(context, place, { colour: palette.offline, width: 1.5, dash: [3.6, 2.8] });
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  const arm = Math.min(4, place.width / 5);
  context.beginPath();
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x + arm, y - arm);
  context.lineTo(x - arm, y + arm);
  context.lineWidth = 1.6;
  context.lineCap = 'round';
  context.strokeStyle = palette.offline;
  context.stroke();
  context.lineCap = 'butt';
}

export function drawCell(context: Context, place: CellPlace, palette: Palette): void {
  switch (place.cell.state) {
    case 'leader':
      return solid(context, place, palette);
    case 'follower':
      return hollow(context, place, palette);
    case 'out-of-sync':
      return hatched(context, place, palette);
    case 'no-leader':
      return leaderless(context, place, palette);
    case 'stopped':
      dashed(context, place, { colour: palette.line2, width: 1, dash: [3, 3] });
      return number(context, place, { colour: palette.ink3, weight: 400, size: 12, font: palette.uiFont });
    case 'absent':
      return absent(context, place, palette);
  }
}

/** A place kept for order: the same partition stands there on other shelves. */
function absent(context: Context, place: CellPlace, palette: Palette): void {
  roundRect(context, inset(place, 0.5), 3);
  context.lineWidth = 1;
  context.strokeStyle = palette.line;
  context.stroke();
}

/** A place that waits for a topic. */
export function drawWaiting(context: Context, place: Rect, palette: Palette): void {
  context.globalAlpha = 0.62;
  dashed(context, place, { colour: palette.ink3, width: 1, dash: [2.5, 3] });
  context.globalAlpha = 1;
}
