// The stage: one opaque canvas, one loop. It owns the DOM side of the scene and nothing of its meaning. The loop
// stops when the page is hidden; what stands still is drawn only when the scene's version moved. Opaque, so that a
// browser without a GPU copies the picture's pixels and needn't blend them with the page behind.

import { FrameBudget } from '../scene/frame-budget.ts';
import { Backdrop } from './backdrop.ts';
import { heatRowsFitting } from './draw-heat.ts';
import { MapImage } from './draw-map.ts';
import { drawLive } from './live-layer.ts';
import { readPalette } from './palette.ts';
import { drawStatic } from './static-layer.ts';
import type { Camera, Size } from '../scene/camera.ts';
import type { RecordId } from '../scene/particles.ts';
import type { Palette } from './palette.ts';
import type { Scene } from '../scene/scene.ts';

export interface StageOptions {
  readonly scene: Scene;
  readonly canvas: HTMLCanvasElement;
  /** Called at most once a second, when figures are new, and whenever places changed. */
  readonly onChange: () => void;
}

/** Beyond this a screen's extra pixels cost frames and show nothing more. */
const maxPixelRatio = 2;

export class Stage {
  readonly budget = new FrameBudget();
  readonly #options: StageOptions;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #backdrop = new Backdrop();
  readonly #image = new MapImage();
  #palette: Palette | null = null;
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #size: Size = { width: 0, height: 0 };
  #frame = 0;
  #lastFrameMs = -1;
  /** What the last frame took until the browser had painted it. */
  #drawMs = 0;
  readonly #painted = new MessageChannel();
  #drawnVersion = -1;
  /** What a picture without motion showed when it was last drawn; null while it moves. */
  #stillness: string | null = null;
  #followed: RecordId | null = null;
  /** Since the page was opened; the bench divides by time. */
  frames = 0;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#context = options.canvas.getContext('2d', { alpha: false });
    this.#painted.port1.onmessage = ({ data: startMs }: MessageEvent<number>) => {
      this.#drawMs = performance.now() - startMs;
    };
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#schedule();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#backdrop.close();
    this.#painted.port1.close();
  }

  /** The theme changed: read the tokens anew. */
  repaint(): void {
    this.#palette = null;
    this.#invalidate();
  }

  resize(size: Size): void {
    this.#size = size;
    const { canvas } = this.#options;
    const ratio = Math.min(maxPixelRatio, window.devicePixelRatio || 1);
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    // A canvas left to its container would be stretched for a frame whenever a drawer opens.
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
    this.#invalidate();
  }

  setCamera(camera: Camera): void {
    this.#camera = camera;
    this.#invalidate();
    this.#paint();
  }

  #invalidate(): void {
    this.#drawnVersion = -1;
    this.#stillness = null;
  }

  follow(record: RecordId | null): void {
    this.#followed = record;
  }

  readonly #onVisibility = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#lastFrameMs = -1;
    this.budget.forget();
    if (!document.hidden) this.#schedule();
  };

  #schedule(): void {
    if (this.#frame === 0 && !document.hidden) this.#frame = requestAnimationFrame(this.#draw);
  }

  readonly #draw = (frameMs: number): void => {
    this.#frame = 0;
    this.#measure(frameMs);
    const { scene } = this.#options;
    const before = scene.version;
    const startMs = performance.now();
    const isNewSecond = scene.advance(Date.now());
    this.#paint();
    // A message posted within a frame arrives when the browser has painted it: without a GPU it is the painting of
    // dots that takes the time, not the calls that ask for it.
    this.#painted.port2.postMessage(startMs);
    if (isNewSecond || scene.version !== before) this.#options.onChange();
    this.frames += 1;
    this.#schedule();
  };

  #measure(frameMs: number): void {
    const verdict =
      this.#lastFrameMs < 0 ? null : this.budget.frame({ lengthMs: frameMs - this.#lastFrameMs, drawMs: this.#drawMs, nowMs: frameMs });
    if (verdict !== null) this.#options.scene.setBudget(verdict.dotCap, verdict.wantsCoarserLevel);
    this.#lastFrameMs = frameMs;
  }

  #paint(): void {
    const { scene, canvas } = this.#options;
    const context = this.#context;
    if (context === null || this.#size.width === 0) return;
    this.#palette ??= readPalette(canvas);
    if (this.#drawnVersion !== scene.version) this.#paintBackdrop(this.#palette);
    if (!this.#isLiveStale()) return;
    const ratio = canvas.width / this.#size.width;
    this.#backdrop.restore(context, { camera: this.#camera, ratio });
    this.#transform(context);
    drawLive(context, scene, { palette: this.#palette, followed: this.#followed, marks: this.#backdrop.marks });
    // The tag of a followed record reaches further than a dot.
    if (this.#followed !== null) this.#backdrop.spoil();
  }

  /** Before the first snapshot it is the ground alone: an opaque canvas is black until something is drawn. */
  #paintBackdrop(palette: Palette): void {
    const { scene, canvas } = this.#options;
    this.#drawnVersion = scene.version;
    this.#backdrop.redraw(canvas, palette.case, (context) => {
      this.#transform(context);
      const { layout } = scene;
      if (layout === null) return;
      const heat = layout.heat === null ? [] : scene.heat.busiest(heatRowsFitting(layout.heat));
      drawStatic(context, layout, { widths: scene.widths, palette, image: this.#image, heat });
    });
  }

  /** A paused picture and an empty one are drawn once, not sixty times a second. */
  #isLiveStale(): boolean {
    const { scene } = this.#options;
    const stillness = scene.isPaused || scene.pool.count === 0 ? `${this.#drawnVersion} ${scene.pool.count} ${this.#followedKey()}` : null;
    const isStale = stillness === null || stillness !== this.#stillness;
    this.#stillness = stillness;
    return isStale;
  }

  #followedKey(): string {
    return this.#followed === null ? '' : `${this.#followed.topic}-${this.#followed.partition}@${this.#followed.offset}`;
  }

  #transform(context: CanvasRenderingContext2D): void {
    const ratio = this.#options.canvas.width / this.#size.width;
    context.setTransform(ratio * this.#camera.scale, 0, 0, ratio * this.#camera.scale, ratio * this.#camera.x, ratio * this.#camera.y);
  }
}
