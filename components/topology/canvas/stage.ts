// The stage: two canvases over each other, one loop. It owns the DOM side of the scene and nothing of its meaning.
// The loop stops when the page is hidden; the static layer is drawn only when the scene's version moved.

import { FrameBudget } from '../scene/frame-budget.ts';
import { drawLive } from './live-layer.ts';
import { readPalette } from './palette.ts';
import { drawStatic } from './static-layer.ts';
import type { Camera, Size } from '../scene/camera.ts';
import type { RecordId } from '../scene/particles.ts';
import type { Palette } from './palette.ts';
import type { Scene } from '../scene/scene.ts';

export interface StageOptions {
  readonly scene: Scene;
  readonly staticCanvas: HTMLCanvasElement;
  readonly liveCanvas: HTMLCanvasElement;
  /** Called at most once a second, when figures are new, and whenever places changed. */
  readonly onChange: () => void;
}

/** Beyond this a screen's extra pixels cost frames and show nothing more. */
const maxPixelRatio = 2;

export class Stage {
  readonly budget = new FrameBudget();
  readonly #options: StageOptions;
  #palette: Palette | null = null;
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #size: Size = { width: 0, height: 0 };
  #frame = 0;
  #lastFrameMs = -1;
  #drawnVersion = -1;
  /** What a picture without motion showed when it was last drawn; null while it moves. */
  #stillness: string | null = null;
  #followed: RecordId | null = null;
  /** Since the page was opened; the bench divides by time. */
  frames = 0;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#schedule();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** The theme changed: read the tokens anew. */
  repaint(): void {
    this.#palette = null;
    this.#invalidate();
  }

  resize(size: Size): void {
    this.#size = size;
    for (const canvas of [this.#options.staticCanvas, this.#options.liveCanvas]) {
      const ratio = Math.min(maxPixelRatio, window.devicePixelRatio || 1);
      canvas.width = Math.round(size.width * ratio);
      canvas.height = Math.round(size.height * ratio);
      // A canvas left to its container would be stretched for a frame whenever a drawer opens.
      canvas.style.width = `${size.width}px`;
      canvas.style.height = `${size.height}px`;
    }
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
    const isNewSecond = scene.advance(Date.now());
    this.#paint();
    if (isNewSecond || scene.version !== before) this.#options.onChange();
    this.frames += 1;
    this.#schedule();
  };

  #measure(frameMs: number): void {
    const verdict =
      this.#lastFrameMs < 0
        ? null
        : this.budget.frame(frameMs - this.#lastFrameMs, { nowMs: frameMs, dotsAlive: this.#options.scene.pool.count });
    if (verdict !== null) this.#options.scene.setBudget(verdict.dotCap, verdict.wantsCoarserLevel);
    this.#lastFrameMs = frameMs;
  }

  #paint(): void {
    const { scene, staticCanvas, liveCanvas } = this.#options;
    if (scene.layout === null || this.#size.width === 0) return;
    this.#palette ??= readPalette(liveCanvas);
    const palette = this.#palette;
    if (this.#drawnVersion !== scene.version) {
      this.#drawnVersion = scene.version;
      const context = this.#clear(staticCanvas);
      if (context !== null) drawStatic(context, scene.layout, { widths: scene.widths, palette });
    }
    if (!this.#isLiveStale()) return;
    const live = this.#clear(liveCanvas);
    if (live !== null) drawLive(live, scene, { palette, followed: this.#followed });
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

  #clear(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const context = canvas.getContext('2d');
    if (context === null) return null;
    const ratio = canvas.width / this.#size.width;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio * this.#camera.scale, 0, 0, ratio * this.#camera.scale, ratio * this.#camera.x, ratio * this.#camera.y);
    return context;
  }
}
