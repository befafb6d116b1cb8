// How long to wait before the next try: doubling, capped, with jitter, so that many clients which lost the
// same broker don't come back in step.

import type { Random } from '#engine/world/ports.ts';

export interface BackOff {
  readonly initialMs: number;
  readonly maxMs: number;
}

export const defaultBackOff: BackOff = { initialMs: 50, maxMs: 1_000 };

/** The delay before try `attempt + 1`, for attempt 0, 1, 2, ...: between half and all of the doubled step. */
export function backOffDelayMs(backOff: BackOff, attempt: number, random: Random): number {
  const step = Math.min(backOff.maxMs, backOff.initialMs * 2 ** Math.min(attempt, 30));
  const half = Math.floor(step / 2);
  return half + random.nextInt(step - half + 1);
}

/** The pauses of one retry loop: they grow while it fails in a row, and begin anew when it gets on. */
export class Retries {
  readonly #backOff: BackOff;
  readonly #random: Random;
  #failures = 0;

  constructor(backOff: BackOff, random: Random) {
    this.#backOff = backOff;
    this.#random = random;
  }

  /** How long to wait before the next try; longer every time it is asked. */
  nextDelayMs(): number {
    const delayMs = backOffDelayMs(this.#backOff, this.#failures, this.#random);
    this.#failures += 1;
    return delayMs;
  }

  reset(): void {
    this.#failures = 0;
  }
}
