// Who was heard of lately, in the order of first hearing, so that slots are given out first come, first served.

import { RateWindow } from './rate-window.ts';

interface Heard {
  readonly firstMs: number;
  lastMs: number;
  /** Made with the first record that is counted. */
  records: RateWindow | null;
}

/** Rates within a factor of four are alike, so that cards don't change places for a little more or less. */
function rateClass(perSecond: number): number {
  return Math.ceil(Math.log2(perSecond + 1) / 2);
}

export class Recent {
  readonly #heard = new Map<string, Heard>();
  readonly #keepMs: number;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  touch(key: string, atMs: number): void {
    const known = this.#heard.get(key);
    if (known === undefined) this.#heard.set(key, { firstMs: atMs, lastMs: atMs, records: null });
    else known.lastMs = Math.max(known.lastMs, atMs);
  }

  /** Notes records of someone who was touched. */
  count(key: string, records: number, atMs: number): void {
    const heard = this.#heard.get(key);
    if (heard === undefined) return;
    heard.records ??= new RateWindow();
    heard.records.add(records, atMs);
  }

  /** The busiest first, and among those alike who was heard of first. */
  byRate(nowMs: number): readonly string[] {
    const classes = new Map([...this.#heard].map(([key, { records }]) => [key, rateClass(records?.perSecond(nowMs) ?? 0)]));
    return [...classes.keys()].toSorted((a, b) => classes.get(b)! - classes.get(a)!);
  }

  forget(key: string): void {
    this.#heard.delete(key);
  }

  forgetBefore(nowMs: number): void {
    for (const [key, heard] of this.#heard) if (nowMs - heard.lastMs > this.#keepMs) this.#heard.delete(key);
  }

  /** Those that have gone on for at least `lastingMs`. */
  keys(lastingMs = 0): readonly string[] {
    return [...this.#heard].flatMap(([key, heard]) => (heard.lastMs - heard.firstMs >= lastingMs ? [key] : []));
  }
}
