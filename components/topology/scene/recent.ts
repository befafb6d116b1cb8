// Who was heard of lately, in the order of first hearing, so that slots are given out first come, first served.

export class Recent {
  readonly #lastMs = new Map<string, number>();
  readonly #keepMs: number;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** Answers true when `key` is new. */
  touch(key: string, atMs: number): boolean {
    const known = this.#lastMs.get(key);
    this.#lastMs.set(key, Math.max(known ?? atMs, atMs));
    return known === undefined;
  }

  forgetBefore(nowMs: number): void {
    for (const [key, lastMs] of this.#lastMs) if (nowMs - lastMs > this.#keepMs) this.#lastMs.delete(key);
  }

  keys(): readonly string[] {
    return [...this.#lastMs.keys()];
  }
}
