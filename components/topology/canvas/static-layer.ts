// The layer that changes when the cluster does, and once a second for the widths: shelves, cabinets, cells, pipes.

import { drawCell, drawWaiting } from './draw-cell.ts';
import { drawPipes, drawPorts } from './draw-pipes.ts';
import { drawHeat } from './draw-heat.ts';
import type { MapImage } from './draw-map.ts';
import type { HeatRow } from '../scene/heat-book.ts';
import type { Palette } from './palette.ts';
import type { CabinetPlace, Layout, Rect } from '../scene/layout.ts';

type Context = CanvasRenderingContext2D;

function drawShelf(context: Context, shelf: Rect, palette: Palette): void {
  context.beginPath();
  context.roundRect(shelf.x, shelf.y, shelf.width, shelf.height, 1);
  context.fillStyle = palette.glass2;
  context.fill();
  context.lineWidth = 0.8;
  context.strokeStyle = palette.glass;
  context.stroke();
  context.beginPath();
  context.roundRect(shelf.x + 14, shelf.y + shelf.height + 1, shelf.width - 28, 1.5, 1);
  context.fillStyle = palette.floor;
  context.fill();
}

function drawFace(context: Context, face: Rect, { isStopped, palette }: { readonly isStopped: boolean; readonly palette: Palette }): void {
  context.save();
  context.beginPath();
  context.roundRect(face.x, face.y, face.width, face.height, 6);
  if (!isStopped) {
    context.shadowColor = palette.floor;
    context.shadowBlur = 10;
    context.shadowOffsetY = 4;
    context.fillStyle = palette.shelf;
    context.fill();
    context.shadowColor = 'transparent';
  } else {
    context.setLineDash([4, 4]);
  }
  context.lineWidth = 1;
  context.strokeStyle = isStopped ? palette.line2 : palette.line;
  context.stroke();
  context.restore();
}

/** Two thin strikes behind the cells of a broker that stopped. */
function drawStrikes(context: Context, face: Rect, palette: Palette): void {
  context.save();
  context.globalAlpha = 0.55;
  context.beginPath();
  context.moveTo(face.x + 6, face.y + face.height - 6);
  context.lineTo(face.x + face.width - 6, face.y + 6);
  context.moveTo(face.x + 6, face.y + 6);
  context.lineTo(face.x + face.width - 6, face.y + face.height - 6);
  context.lineWidth = 1.2;
  context.strokeStyle = palette.offline;
  context.stroke();
  context.restore();
}

function drawCabinet(context: Context, cabinet: CabinetPlace, palette: Palette): void {
  for (const face of cabinet.faces) {
    drawFace(context, face, { isStopped: cabinet.isStopped, palette });
    if (cabinet.isStopped) drawStrikes(context, face, palette);
  }
}

export interface StaticLook {
  readonly widths: readonly number[];
  readonly palette: Palette;
  readonly image: MapImage;
  readonly heat: readonly HeatRow[];
}

export function drawStatic(context: Context, layout: Layout, look: StaticLook): void {
  const { palette } = look;
  if (layout.map === null) for (const cabinet of layout.cabinets) drawCabinet(context, cabinet, palette);
  for (const shelf of layout.shelves) drawShelf(context, shelf, palette);
  for (const place of layout.waiting) drawWaiting(context, place, palette);
  for (const place of layout.cells) drawCell(context, place, palette);
  if (layout.map !== null) look.image.draw(context, layout.map, palette);
  if (layout.heat !== null) drawHeat(context, look.heat, { place: layout.heat, palette });
  drawPipes(context, layout, look);
  drawPorts(context, layout, palette);
}
