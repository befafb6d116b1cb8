// The picture's clock: the cluster's wall clock as seen from the browser, a little behind live.
// The two machines' clocks may differ by any amount; the least delay seen lately is taken for the road.

import { renderDelayMs } from './fact-queue.ts';

/** How long a measured offset is trusted: long against jitter, short against a clock that is set anew. */
const trustMs = 30_000;

export class RenderClock {
  #offsetMs = 0;
  #measuredAtMs = -Infinity;

  /** Notes that a fact of `factMs` arrived at the browser's `arrivedMs`. */
  observe(factMs: number, arrivedMs: number): void {
    const offset = arrivedMs - factMs;
    if (offset < this.#offsetMs || arrivedMs - this.#measuredAtMs > trustMs) {
      this.#offsetMs = offset;
      this.#measuredAtMs = arrivedMs;
    }
  }

  /** The cluster's time to draw when the browser's clock shows `nowMs`. */
  renderMs(nowMs: number): number {
    return nowMs - this.#offsetMs - renderDelayMs;
  }
}
