// How long a simulated device takes. Most operations are quick, some late, and while it stalls none ends.

import type { SeededRandom } from './random.ts';

const quickestSyncUs = 200;
const syncSpreadUs = 4_000;
/** One fsync in so many waits behind somebody else's writing. */
const oneLateSyncIn = 50;
const lateSyncUs = 150_000;
/** One write in so many meets a page cache that has to write first (dirty_ratio): the process stands still in it. */
const oneBlockedWriteIn = 400;
const blockedWriteUs = 20_000;

export interface DiskTiming {
  /** The process goes on with `run` after this long. */
  readonly after: (delayUs: number, run: () => void) => void;
  /** The process stands still in a system call. */
  readonly block: (durationUs: number) => void;
  readonly nowUs: () => number;
}

export class DiskLatency {
  readonly #random: SeededRandom;
  readonly #timing: DiskTiming;
  #stalledUntilUs = 0;

  constructor(random: SeededRandom, timing: DiskTiming) {
    this.#random = random;
    this.#timing = timing;
  }

  /** Nothing reaches the device for so long. */
  stall(durationUs: number): void {
    this.#stalledUntilUs = Math.max(this.#stalledUntilUs, this.#timing.nowUs() + durationUs);
  }

  afterSync(run: () => void): void {
    this.#timing.after(this.#syncUs(), run);
  }

  /** An fsync that the process waits for. */
  blockForSync(): void {
    this.#timing.block(this.#syncUs());
  }

  /** A write blocks only when the cache has no room for it before the device has taken some of it. */
  maybeBlockForWrite(): void {
    const stalledUs = this.#stalledUntilUs - this.#timing.nowUs();
    if (stalledUs > 0 && this.#random.oneIn(4)) this.#timing.block(stalledUs);
    else if (this.#random.oneIn(oneBlockedWriteIn)) this.#timing.block(this.#random.nextInt(blockedWriteUs));
  }

  #syncUs(): number {
    const stalledUs = Math.max(0, this.#stalledUntilUs - this.#timing.nowUs());
    const lateUs = this.#random.oneIn(oneLateSyncIn) ? this.#random.nextInt(lateSyncUs) : 0;
    return stalledUs + quickestSyncUs + this.#random.nextInt(syncSpreadUs) + lateUs;
  }
}
