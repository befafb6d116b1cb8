// The dots. Invariant: a dot exists only because of a record (or an answer) some broker told of, and carries
// that record's topic, partition and offset until it is gone. The pool is fixed: no allocation per record.

/** Dots alive up to which every record is drawn: what a page without a GPU was measured to draw in time. */
export const mostDots = 2_000;
/** A rate is an average, so the pool has room for bursts and for the answers, which the ratio doesn't count. */
export const poolSize = 1.5 * mostDots;
/** Milliseconds from one end of a pipe to the other; real hops take about one. */
export const travelMs = 700;

export const dotKinds = ['produce', 'ack', 'replicate', 'consume'] as const;
export type DotKind = (typeof dotKinds)[number];

export interface RecordId {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface NewDot extends RecordId {
  readonly kind: DotKind;
  readonly edge: number;
  readonly startMs: number;
  /** Pixels to the side of the pipe's middle. */
  readonly lateral: number;
  readonly isPromoted: boolean;
}

export interface Dot {
  kind: DotKind;
  edge: number;
  startMs: number;
  lateral: number;
  topic: string;
  partition: number;
  offset: number;
  isPromoted: boolean;
}

function blank(): Dot {
  return { kind: 'produce', edge: -1, startMs: 0, lateral: 0, topic: '', partition: -1, offset: -1, isPromoted: false };
}

export class DotPool {
  readonly #dots: Dot[] = Array.from({ length: poolSize }, blank);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The dot at a place of the pool: 0 <= index < count. */
  at(index: number): Dot {
    return this.#dots[index]!;
  }

  /** Answers false when the pool is full: the record is counted, not drawn. */
  add(dot: NewDot): boolean {
    if (this.#count === poolSize) return false;
    Object.assign(this.#dots[this.#count]!, dot);
    this.#count += 1;
    return true;
  }

  /** Takes out what has arrived by `nowMs`. */
  retire(nowMs: number): void {
    for (let index = this.#count - 1; index >= 0; index -= 1) {
      if (nowMs - this.#dots[index]!.startMs < travelMs) continue;
      this.#count -= 1;
      const gone = this.#dots[index]!;
      this.#dots[index] = this.#dots[this.#count]!;
      this.#dots[this.#count] = gone;
    }
  }

  clear(): void {
    this.#count = 0;
  }
}

/** How far along its pipe a dot is, 0..1; below zero it hasn't left yet. Answers run against the flow. */
export function progressOf(dot: Dot, nowMs: number): number {
  const share = (nowMs - dot.startMs) / travelMs;
  return dot.kind === 'ack' ? 1 - share : share;
}

export function hasStarted(dot: Dot, nowMs: number): boolean {
  return nowMs >= dot.startMs;
}
