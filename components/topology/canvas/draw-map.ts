// The cells of L3 and L4 as one image: every cell is a few pixels copied from the pattern of its state. States differ by
// pattern before colour: full, framed, hatched, crossed, dotted.

import { parseColour } from './colour.ts';
import { stateCodes, type CellMap } from '../scene/cell-map.ts';
import type { CellState } from '../scene/cells.ts';
import type { Palette } from './palette.ts';
import type { Rect } from '../scene/layout.ts';

/** From this size a cell has a pixel of air to its neighbours. */
const airFrom = 3;

/** One pixel as ImageData keeps it on a little-endian machine, which is every one that a browser runs on. */
export function toPixel(colour: string): number {
  const [red, green, blue] = parseColour(colour) ?? [0, 0, 0];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

type Paint = (x: number, y: number) => number;

function paintOf(state: CellState, palette: Palette, size: number): Paint {
  const [ground, healthy, lagging, offline] = [palette.shelf, palette.healthy, palette.lagging, palette.offline].map(toPixel) as [
    number,
    number,
    number,
    number,
  ];
  const [follower, faint] = [toPixel(palette.follower), toPixel(palette.line2)];
  const isEdge = (x: number, y: number): boolean => x === 0 || y === 0 || x === size - 1 || y === size - 1;
  switch (state) {
    case 'leader':
      return () => healthy;
    case 'follower':
      // Too small for a frame, the face alone tells it from a leader.
      return (x, y) => (size >= 4 && isEdge(x, y) ? healthy : follower);
    case 'out-of-sync':
      return (x, y) => (size >= 4 && (x + y) % 3 === 2 ? ground : lagging);
    case 'no-leader':
      return (x, y) => (size < 3 || x === y || x + y === size - 1 ? offline : ground);
    case 'stopped':
      return (x, y) => (isEdge(x, y) && (x + y) % 2 === 0 ? faint : ground);
    case 'absent':
      return () => ground;
  }
}

/** The pattern of each state, row by row, by its code. */
export function patterns(palette: Palette, size: number): readonly Uint32Array[] {
  return stateCodes.map((state) => {
    const paint = paintOf(state, palette, size);
    return Uint32Array.from({ length: size * size }, (_, at) => paint(at % size, Math.floor(at / size)));
  });
}

/** Puts all cells into the pixels of an image whose corner lies at `origin`. */
export function fillPixels(
  pixels: Uint32Array,
  map: CellMap,
  look: { readonly width: number; readonly origin: { readonly x: number; readonly y: number }; readonly patterns: readonly Uint32Array[] },
): void {
  const size = Math.sqrt(look.patterns[0]!.length);
  for (const { face, start, end } of map.cabinets) {
    const [left, top] = [face.x - look.origin.x, face.y - look.origin.y];
    for (let index = start; index < end; index += 1) {
      const place = index - start;
      const x = left + (place % map.columns) * map.cell;
      const y = top + Math.floor(place / map.columns) * map.cell;
      const pattern = look.patterns[map.states[index]!]!;
      // Written pixel by pixel: copying rows of two to seven would cost an object each.
      for (let at = 0; at < pattern.length; at += 1) pixels[(y + Math.floor(at / size)) * look.width + x + (at % size)] = pattern[at]!;
    }
  }
}

/** The rectangle around all cabinets. */
function extent(map: CellMap): Rect {
  const faces = map.cabinets.map((cabinet) => cabinet.face);
  const [x, y] = [Math.min(...faces.map((face) => face.x)), Math.min(...faces.map((face) => face.y))];
  const right = Math.max(...faces.map((face) => face.x + face.width));
  return { x, y, width: right - x, height: Math.max(...faces.map((face) => face.y + face.height)) - y };
}

/** Keeps the image until the map or the colours change: figures are new each second, places are not. */
export class MapImage {
  #canvas: OffscreenCanvas | null = null;
  #image: ImageData | null = null;
  #map: CellMap | null = null;
  #palette: Palette | null = null;
  #extent: Rect = { x: 0, y: 0, width: 0, height: 0 };

  draw(context: CanvasRenderingContext2D, map: CellMap, palette: Palette): void {
    if (map.count === 0) return;
    if (map !== this.#map || palette !== this.#palette) this.#redraw(map, palette);
    const { x, y, width, height } = this.#extent;
    context.imageSmoothingEnabled = false;
    if (this.#canvas !== null) context.drawImage(this.#canvas, x, y, width, height);
    context.imageSmoothingEnabled = true;
  }

  #redraw(map: CellMap, palette: Palette): void {
    [this.#map, this.#palette] = [map, palette];
    this.#extent = extent(map);
    const image = this.#imageOf(this.#extent);
    const context = this.#canvas?.getContext('2d') ?? null;
    if (context === null || image === null) return;
    const size = map.cell >= airFrom ? map.cell - 1 : map.cell;
    const pixels = new Uint32Array(image.data.buffer).fill(0);
    fillPixels(pixels, map, { width: image.width, origin: this.#extent, patterns: patterns(palette, size) });
    context.putImageData(image, 0, 0);
  }

  /** The last image where its size still holds. */
  #imageOf({ width, height }: Rect): ImageData | null {
    const known = this.#image;
    if (known !== null && known.width === width && known.height === height) return known;
    this.#canvas = new OffscreenCanvas(width, height);
    this.#image = this.#canvas.getContext('2d')?.createImageData(width, height) ?? null;
    return this.#image;
  }
}
