// What stands still behind the dots, kept as one bitmap. A frame doesn't clear its canvas: it lays the bitmap back
// over the few places where dots were, so that its cost follows the dots and not the pixels of the screen.

import type { Rect } from '../scene/layout.ts';
import type { Camera, Size } from '../scene/camera.ts';

/** From a dot's middle to where its last pixel may lie, in scene units: a triangle's tip, its half-covered edge and one more. */
export const dotReach = 5.5;
/** From so many places on one copy of the whole is cheaper than a copy for each. */
export const mostPatches = 500;

type Draw = (context: CanvasRenderingContext2D) => void;

/** The device pixels that a dot at (x, y) of the scene may have touched. */
export function patchAround(x: number, y: number, { camera, ratio }: { readonly camera: Camera; readonly ratio: number }): Rect {
  const reach = dotReach * camera.scale * ratio;
  const [middleX, middleY] = [ratio * (camera.scale * x + camera.x), ratio * (camera.scale * y + camera.y)];
  const [left, top] = [Math.floor(middleX - reach), Math.floor(middleY - reach)];
  return { x: left, y: top, width: Math.ceil(middleX + reach) - left, height: Math.ceil(middleY + reach) - top };
}

/** The part of a patch that lies on the canvas; null when nothing does. */
export function clipPatch(patch: Rect, canvas: Size): Rect | null {
  const [x, y] = [Math.max(0, patch.x), Math.max(0, patch.y)];
  const [right, bottom] = [Math.min(canvas.width, patch.x + patch.width), Math.min(canvas.height, patch.y + patch.height)];
  return right <= x || bottom <= y ? null : { x, y, width: right - x, height: bottom - y };
}

export class Backdrop {
  #bitmap: ImageBitmap | null = null;
  /** Middles of the dots drawn since, x and y in turn, in scene units. */
  #marks: number[] = [];
  /** Something is on the canvas that no mark tells of: the bitmap is new, or a label was drawn. */
  #isWholeDue = true;

  get marks(): number[] {
    return this.#marks;
  }

  /** Draws the bitmap anew, on the ground that an opaque canvas needs. */
  redraw(size: Size, ground: string, draw: Draw): void {
    const canvas = new OffscreenCanvas(size.width, size.height);
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    context.fillStyle = ground;
    context.fillRect(0, 0, size.width, size.height);
    // Both kinds of canvas draw alike; the drawing rooms know the one that stands in the page.
    draw(context as unknown as CanvasRenderingContext2D);
    this.#bitmap?.close();
    this.#bitmap = canvas.transferToImageBitmap();
    this.#isWholeDue = true;
  }

  /** The next frame starts from the whole bitmap. */
  spoil(): void {
    this.#isWholeDue = true;
  }

  /** Takes the dots of the last frame away. The context's transform is left at identity. */
  restore(context: CanvasRenderingContext2D, at: { readonly camera: Camera; readonly ratio: number }): void {
    const bitmap = this.#bitmap;
    if (bitmap === null) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (this.#isWholeDue || this.#marks.length > 2 * mostPatches) context.drawImage(bitmap, 0, 0);
    else this.#patch(context, bitmap, at);
    this.#marks = [];
    this.#isWholeDue = false;
  }

  #patch(context: CanvasRenderingContext2D, bitmap: ImageBitmap, at: { readonly camera: Camera; readonly ratio: number }): void {
    for (let index = 0; index < this.#marks.length; index += 2) {
      const patch = clipPatch(patchAround(this.#marks[index]!, this.#marks[index + 1]!, at), bitmap);
      if (patch === null) continue;
      const { x, y, width, height } = patch;
      context.drawImage(bitmap, x, y, width, height, x, y, width, height);
    }
  }

  close(): void {
    this.#bitmap?.close();
    this.#bitmap = null;
  }
}
