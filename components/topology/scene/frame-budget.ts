// The adaptive rule of the frame budget: a second in which drawing made frames late takes half of the dots, and the
// last step asks for a coarser level. What was taken is given back, a step at a time, as soon as frames are in time
// again. Each time that a step was given back too early, the wait before the next try doubles.
// Only drawing is judged: a frame that something else on the page or on the machine made late says nothing about dots.

import { mostDots } from './particles.ts';

/** Dots alive at each step; the step after the last one is the coarser level. */
export const dotSteps: readonly number[] = [mostDots, mostDots / 2, mostDots / 4, mostDots / 8, mostDots / 16];
const slowFrameMs = 20;
const verySlowFrameMs = 33;
/** Drawing that takes longer leaves too little of a frame (16.7 ms) to everything else. */
const drawBudgetMs = 10;
/** The share of a second's frames that may be late. */
const toleratedShare = 0.2;
/** Whatever interrupts drawing only adds to its time, so the quickest tenth of a second's frames tells what it costs. */
const costShare = 0.1;
/** A level is left only when fewer dots did not help for this long. */
const verySlowSeconds = 10;
/** A step that holds for this long was given back rightly: the next wait is the shortest again. */
const heldSeconds = 30;
const maxWaitSeconds = 64;
/** A frame this long is a machine that was away, not a picture that is heavy. */
const awayMs = 250;
/** Frames remembered: two seconds at 60 a second. */
const windowFrames = 120;

export interface BudgetVerdict {
  readonly dotCap: number;
  readonly wantsCoarserLevel: boolean;
}

export interface FrameTimes {
  /** From the start of the frame before to the start of this one. */
  readonly lengthMs: number;
  /** From the start of the frame before until the browser had painted it. */
  readonly drawMs: number;
  readonly nowMs: number;
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
  #second: FrameTimes[] = [];
  #sinceMs = -1;
  #step = 0;
  #verySlow = 0;
  #calmSeconds = 0;
  #waitSeconds = 1;
  #secondsSinceGiven = Infinity;

  get dotCap(): number {
    return dotSteps[Math.min(this.#step, dotSteps.length - 1)]!;
  }

  /** Milliseconds of the frames of the last second or two, for the bench and the footer. */
  get p95Ms(): number {
    return percentile(this.#frames, 0.95);
  }

  get framesPerSecond(): number {
    const sum = this.#frames.reduce((total, frame) => total + frame, 0);
    return sum === 0 ? 0 : (1_000 * this.#frames.length) / sum;
  }

  /** Takes one frame; answers a verdict once a second, else null. */
  frame(times: FrameTimes): BudgetVerdict | null {
    if (times.lengthMs <= awayMs) {
      this.#frames.push(times.lengthMs);
      this.#second.push(times);
    }
    if (this.#frames.length > windowFrames) this.#frames.shift();
    if (this.#sinceMs < 0) this.#sinceMs = times.nowMs;
    if (times.nowMs - this.#sinceMs < 1_000) return null;
    this.#sinceMs = times.nowMs;
    this.#judge();
    return { dotCap: this.dotCap, wantsCoarserLevel: this.#step === dotSteps.length };
  }

  #judge(): void {
    const isSlow = this.#isLateByDrawing(slowFrameMs);
    this.#verySlow = this.#isLateByDrawing(verySlowFrameMs) ? this.#verySlow + 1 : 0;
    this.#second = [];
    this.#secondsSinceGiven += 1;
    if (isSlow) this.#take();
    else this.#giveBack();
  }

  #isLateByDrawing(limitMs: number): boolean {
    const late = this.#second.filter((frame) => frame.lengthMs > limitMs);
    const costMs = percentile(
      this.#second.map((frame) => frame.drawMs),
      costShare,
    );
    return late.length > toleratedShare * this.#second.length && costMs > drawBudgetMs;
  }

  #take(): void {
    this.#calmSeconds = 0;
    const isLastDots = this.#step === dotSteps.length - 1;
    if (this.#step === dotSteps.length || (isLastDots && this.#verySlow < verySlowSeconds)) return;
    this.#step += 1;
    this.#waitSeconds = this.#secondsSinceGiven > heldSeconds ? 1 : Math.min(maxWaitSeconds, this.#waitSeconds * 2);
    this.#secondsSinceGiven = Infinity;
  }

  #giveBack(): void {
    this.#calmSeconds += 1;
    if (this.#step === 0 || this.#calmSeconds < this.#waitSeconds) return;
    this.#step -= 1;
    this.#calmSeconds = 0;
    this.#secondsSinceGiven = 0;
  }

  /** A tab that was hidden must not count its sleep as a frame. */
  forget(): void {
    this.#frames = [];
    this.#second = [];
    this.#sinceMs = -1;
  }
}
