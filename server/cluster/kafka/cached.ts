// A value that is expensive to ask for: asked once for all who want it now, and kept for as long as they accept.
// A failure is not kept: the next caller asks again.

import type { Clock } from '#engine/world/ports.ts';

export class Cached<Value> {
  readonly #clock: Clock;
  readonly #ask: () => Promise<Value>;
  #held: { readonly value: Value; readonly atUs: number } | null = null;
  #asking: Promise<Value> | null = null;

  constructor(clock: Clock, ask: () => Promise<Value>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** The last value, however old; null before the first. */
  get last(): Value | null {
    return this.#held?.value ?? null;
  }

  async get(maxAgeMs: number): Promise<Value> {
    const held = this.#held;
    if (held !== null && this.#clock.monotonicUs() - held.atUs < maxAgeMs * 1_000) return held.value;
    this.#asking ??= this.#ask()
      .then((value) => {
        this.#held = { value, atUs: this.#clock.monotonicUs() };
        return value;
      })
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  /** The next caller asks anew: something was changed. */
  drop(): void {
    this.#held = null;
  }
}
