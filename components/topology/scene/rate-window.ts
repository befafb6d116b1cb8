// Counts in one-second buckets, read as an average over the last whole seconds.
// The bucket being filled is left out, so that a rate never dips at the start of a second.

/** Seconds a rate is averaged over: long enough to be calm, short enough to follow the hand on the slider. */
export const rateWindowSeconds = 3;
const bucketCount = 8;

export class RateWindow {
  readonly #counts = new Float64Array(bucketCount);
  readonly #seconds = new Float64Array(bucketCount).fill(-1);
  #total = 0;
  #firstMs = -1;
  #lastMs = -1;

  /** Everything ever counted. */
  get total(): number {
    return this.#total;
  }

  /** When something was last counted; -1 when nothing was. */
  get lastMs(): number {
    return this.#lastMs;
  }

  add(count: number, atMs: number): void {
    const second = Math.floor(atMs / 1_000);
    const slot = second % bucketCount;
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#counts[slot] = 0;
    }
    this.#counts[slot]! += count;
    this.#total += count;
    if (this.#firstMs < 0) this.#firstMs = atMs;
    this.#lastMs = Math.max(this.#lastMs, atMs);
  }

  /** Counted a second, over the whole seconds before `nowMs`. */
  perSecond(nowMs: number): number {
    const current = Math.floor(nowMs / 1_000);
    let sum = 0;
    for (let back = 1; back <= rateWindowSeconds; back += 1) {
      const second = current - back;
      if (second >= 0 && this.#seconds[second % bucketCount] === second) sum += this.#counts[second % bucketCount]!;
    }
    if (this.#firstMs < 0 || current <= this.#firstMs / 1_000) return 0;
    // A flow that began within a second is averaged over the part of it that it had, or it would seem to start slowly.
    return sum / Math.min(rateWindowSeconds, Math.max(1, current - this.#firstMs / 1_000));
  }
}
