// The adaptive rule of the frame budget: slow frames for a second halve the dots, very slow ones ask for the next
// level; a long calm gives half of what was taken back.

/** Dots alive by default. */
export const defaultDotCap = 600;
export const leastDotCap = 75;
const slowFrameMs = 20;
const verySlowFrameMs = 33;
const calmSeconds = 10;
/** Fewer dots are tried first; a level is only left when they did not help for this long. */
const verySlowSeconds = 10;
/** With fewer dots alive than this a slow frame is the machine's doing, and fewer dots would not mend it. */
const blameFromDots = 50;
/** A frame this long is a machine that was away, not a picture that is heavy. */
const awayMs = 250;
/** Frames remembered: two seconds at 60 a second. */
const windowFrames = 120;

export interface BudgetVerdict {
  readonly dotCap: number;
  readonly wantsCoarserLevel: boolean;
}

/** The value below which `share` of the sorted numbers lie. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export class FrameBudget {
  #frames: number[] = [];
  /** Of the second that is judged next. */
  #second: number[] = [];
  #sinceMs = -1;
  #calm = 0;
  #dotCap = defaultDotCap;
  #verySlow = 0;

  get dotCap(): number {
    return this.#dotCap;
  }

  /** Milliseconds of the frames of the last second or two, for the bench and the footer. */
  get p95Ms(): number {
    return percentile(this.#frames, 0.95);
  }

  get framesPerSecond(): number {
    const sum = this.#frames.reduce((total, frame) => total + frame, 0);
    return sum === 0 ? 0 : (1_000 * this.#frames.length) / sum;
  }

  /** Takes the length of a frame; answers a verdict once a second, else null. */
  frame(lengthMs: number, at: { readonly nowMs: number; readonly dotsAlive: number }): BudgetVerdict | null {
    const { nowMs } = at;
    if (lengthMs <= awayMs) {
      this.#frames.push(lengthMs);
      this.#second.push(lengthMs);
    }
    if (this.#frames.length > windowFrames) this.#frames.shift();
    if (this.#sinceMs < 0) this.#sinceMs = nowMs;
    if (nowMs - this.#sinceMs < 1_000) return null;
    this.#sinceMs = nowMs;
    return this.#judge(at.dotsAlive >= blameFromDots);
  }

  #judge(isPicture: boolean): BudgetVerdict {
    const p95 = isPicture ? percentile(this.#second, 0.95) : 0;
    this.#second = [];
    this.#verySlow = p95 > verySlowFrameMs ? this.#verySlow + 1 : 0;
    this.#calm = p95 > slowFrameMs ? 0 : this.#calm + 1;
    if (p95 > slowFrameMs) this.#dotCap = Math.max(leastDotCap, this.#dotCap / 2);
    if (this.#calm >= calmSeconds && this.#dotCap < defaultDotCap) {
      this.#dotCap = Math.min(defaultDotCap, this.#dotCap * 2);
      this.#calm = 0;
    }
    return { dotCap: this.#dotCap, wantsCoarserLevel: this.#verySlow >= verySlowSeconds && this.#dotCap === leastDotCap };
  }

  /** A tab that was hidden must not count its sleep as a frame. */
  forget(): void {
    this.#frames = [];
    this.#second = [];
    this.#sinceMs = -1;
  }
}
