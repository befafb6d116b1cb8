// A value that is expensive to ask for: asked once for all who want it now, and kept for as long as they accept.
// A failure is not kept: the next caller asks again. Neither is an answer to what was asked before `drop`.

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
  #drops = 0;

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
    this.#asking ??= this.#begin();
    return this.#asking;
  }

  #begin(): Promise<Asked<Value>> {
    const asking = this.#askNow().finally(() => {
      if (this.#asking === asking) this.#asking = null;
    });
    return asking;
  }

  async #askNow(): Promise<Asked<Value>> {
    const sinceMs = this.#clock.nowMs();
    const drops = this.#drops;
    const value = await this.#ask();
    const answer = { value, sinceMs, atUs: this.#clock.monotonicUs() };
    if (drops === this.#drops) this.#held = answer;
    return answer;
  }

  /** Something was changed: the next caller asks anew, and doesn't join a question that was asked before. */
  drop(): void {
    this.#drops += 1;
    this.#held = null;
    this.#asking = null;
  }
}
