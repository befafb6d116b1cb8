import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Backdrop, clipPatch, dotReach, mostPatches, patchAround } from './backdrop.ts';

const camera = { scale: 1, x: 0, y: 0 };
const size = { width: 800, height: 600 };

/** Remembers what was copied where; a copy of the whole has two numbers, a patch eight. */
function copyingContext() {
  const copies: number[][] = [];
  const context = {
    fillStyle: '',
    fillRect: vi.fn(),
    setTransform: vi.fn(),
    drawImage: (_: unknown, ...numbers: number[]) => copies.push(numbers),
  };
  return { copies, context: context as unknown as CanvasRenderingContext2D };
}

const closed: object[] = [];

/** The part of the browser's OffscreenCanvas that a backdrop uses. */
class FakeCanvas {
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }
  getContext(): CanvasRenderingContext2D {
    return copyingContext().context;
  }
  transferToImageBitmap(): object {
    const bitmap = { width: this.width, height: this.height, close: () => closed.push(bitmap) };
    return bitmap;
  }
}

beforeEach(() => {
  closed.length = 0;
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the place a dot may have touched', () => {
  const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const views = fc.record({
    camera: fc.record({ scale: between(0.25, 3), x: between(-500, 500), y: between(-500, 500) }),
    ratio: fc.constantFrom(1, 1.5, 2),
  });
  const dots = fc.record({ x: between(-100, 2_000), y: between(-100, 2_000), angle: between(0, 2 * Math.PI) });

  test('every pixel of a dot lies in it, at every zoom and pixel ratio', () => {
    // The furthest that `live-layer` paints from a dot's middle: the tip of a triangle.
    const tip = 3.6;
    fc.assert(
      fc.property(views, dots, ({ camera, ratio }, { x, y, angle }) => {
        const patch = patchAround(x, y, { camera, ratio });
        const pixelX = ratio * (camera.scale * (x + tip * Math.cos(angle)) + camera.x);
        const pixelY = ratio * (camera.scale * (y + tip * Math.sin(angle)) + camera.y);
        expect(pixelX).toBeGreaterThanOrEqual(patch.x);
        expect(pixelX).toBeLessThanOrEqual(patch.x + patch.width);
        expect(pixelY).toBeGreaterThanOrEqual(patch.y);
        expect(pixelY).toBeLessThanOrEqual(patch.y + patch.height);
        expect([patch.x, patch.y, patch.width, patch.height].every(Number.isInteger)).toBe(true);
      }),
    );
  });

  test('what hangs over the edge of the canvas is cut, what lies beside it is nothing', () => {
    expect(clipPatch({ x: -4, y: 595, width: 10, height: 10 }, size)).toEqual({ x: 0, y: 595, width: 6, height: 5 });
    expect(clipPatch({ x: 800, y: 0, width: 10, height: 10 }, size)).toBeNull();
    expect(clipPatch({ x: 0, y: -10, width: 10, height: 10 }, size)).toBeNull();
  });
});

describe('taking the dots of the last frame away', () => {
  function drawn(): Backdrop {
    const backdrop = new Backdrop();
    backdrop.redraw(size, '#fff', () => undefined);
    backdrop.restore(copyingContext().context, { camera, ratio: 1 });
    return backdrop;
  }

  test('a new picture is copied whole, and only once', () => {
    const backdrop = new Backdrop();
    backdrop.redraw(size, '#fff', () => undefined);
    const { copies, context } = copyingContext();
    backdrop.restore(context, { camera, ratio: 1 });
    backdrop.restore(context, { camera, ratio: 1 });
    expect(copies).toEqual([[0, 0]]);
  });

  test('a dot is taken away where it was, and its place is forgotten then', () => {
    const backdrop = drawn();
    backdrop.marks.push(100, 50);
    const { copies, context } = copyingContext();
    backdrop.restore(context, { camera, ratio: 1 });
    backdrop.restore(context, { camera, ratio: 1 });
    const [left, top, side] = [Math.floor(100 - dotReach), Math.floor(50 - dotReach), Math.ceil(dotReach) * 2];
    expect(copies).toEqual([[left, top, side, side, left, top, side, side]]);
  });

  test('beyond the bound the whole is copied instead of thousands of patches', () => {
    const backdrop = drawn();
    for (let index = 0; index <= mostPatches; index += 1) backdrop.marks.push(index, index);
    const { copies, context } = copyingContext();
    backdrop.restore(context, { camera, ratio: 1 });
    expect(copies).toEqual([[0, 0]]);
  });

  test('what no mark tells of is taken away with the whole', () => {
    const backdrop = drawn();
    backdrop.marks.push(100, 50);
    backdrop.spoil();
    const { copies, context } = copyingContext();
    backdrop.restore(context, { camera, ratio: 1 });
    expect(copies).toEqual([[0, 0]]);
  });

  test('bitmaps are given back: one is alive at a time, none after the end', () => {
    const backdrop = drawn();
    backdrop.redraw(size, '#000', () => undefined);
    expect(closed).toHaveLength(1);
    backdrop.close();
    expect(closed).toHaveLength(2);
    const { copies, context } = copyingContext();
    backdrop.restore(context, { camera, ratio: 1 });
    expect(copies).toEqual([]);
  });
});
