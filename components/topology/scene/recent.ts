// Who was heard of lately, in the order of first hearing, so that slots are given out first come, first served.

interface Heard {
  readonly firstMs: number;
  readonly lastMs: number;
}

export class Recent {
  readonly #heard = new Map<string, Heard>();
  readonly #keepMs: number;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  touch(key: string, atMs: number): void {
    const known = this.#heard.get(key);
    this.#heard.set(key, { firstMs: known?.firstMs ?? atMs, lastMs: Math.max(known?.lastMs ?? atMs, atMs) });
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
