// A value that is expensive to ask for: asked once for all who want it now, and kept for as long as they accept.
// A failure is not kept: the next caller asks again.

import type { Clock } from '#engine/world/ports.ts';

/** A value, and when it was asked for: what changed after that moment may be missing in it, however late it came. */
export interface Asked<Value> {
  readonly value: Value;
  readonly sinceMs: number;
}

export class Cached<Value> {
  readonly #clock: Clock;
  readonly #ask: () => Promise<Value>;
  #held: (Asked<Value> & { readonly atUs: number }) | null = null;
  #asking: Promise<Asked<Value>> | null = null;

  constructor(clock: Clock, ask: () => Promise<Value>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** The last value, however old; null before the first. */
  get last(): Value | null {
    return this.#held?.value ?? null;
  }

  async get(maxAgeMs: number): Promise<Value> {
    return (await this.asked(maxAgeMs)).value;
  }

  /** As `get`. Who joins a question that is under way is told when that one began. */
  async asked(maxAgeMs: number): Promise<Asked<Value>> {
    const held = this.#held;
    if (held !== null && this.#clock.monotonicUs() - held.atUs < maxAgeMs * 1_000) return held;
    this.#asking ??= this.#askNow().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #askNow(): Promise<Asked<Value>> {
    const sinceMs = this.#clock.nowMs();
    const value = await this.#ask();
    this.#held = { value, sinceMs, atUs: this.#clock.monotonicUs() };
    return this.#held;
  }

  /** The next caller asks anew: something was changed. */
  drop(): void {
    this.#held = null;
  }
}
