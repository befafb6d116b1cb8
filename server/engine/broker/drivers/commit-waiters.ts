// Appends of one partition that wait until the high watermark has passed them: acks=all produces and the coordinators' records.
// They are appended in the order of their offsets, so the queue is sorted by construction and completes from its head; a
// deletion that comes behind a farther one waits for that too.
// Invariant: every waiter is told exactly once: committed, timed out, or cancelled with the reason.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { TimerHandle, Timers } from '#engine/world/ports.ts';

interface Waiter {
  /** The high watermark must reach this. */
  readonly nextOffset: number;
  readonly settle: (errorCode: number) => void;
  timer: TimerHandle | undefined;
}

export class CommitWaiters {
  readonly #timers: Timers;
  readonly #onCountChange: (change: number) => void;
  #queue: Waiter[] = [];

  constructor(timers: Timers, onCountChange: (change: number) => void) {
    this.#timers = timers;
    this.#onCountChange = onCountChange;
  }

  get count(): number {
    return this.#queue.length;
  }

  /** Resolves with NONE once the high watermark is at `nextOffset`; with REQUEST_TIMED_OUT when that takes too long (null: never). */
  wait(nextOffset: number, timeoutMs: number | null): Promise<number> {
    return new Promise((settle) => {
      const waiter: Waiter = { nextOffset, settle, timer: undefined };
      if (timeoutMs !== null)
        waiter.timer = this.#timers.setTimer(timeoutMs, () => {
          this.#expire(waiter);
        });
      this.#queue.push(waiter);
      this.#onCountChange(1);
    });
  }

  onWatermark(highWatermark: number): void {
    while (this.#queue.length > 0 && (this.#queue[0] as Waiter).nextOffset <= highWatermark) {
      this.#settle(this.#queue.shift() as Waiter, errorCodes.NONE);
    }
  }

  /** The leadership is over: nobody here can say any more what was committed. */
  cancelAll(errorCode: number): void {
    const cancelled = this.#queue;
    this.#queue = [];
    for (const waiter of cancelled) this.#settle(waiter, errorCode);
  }

  #expire(waiter: Waiter): void {
    this.#queue = this.#queue.filter((other) => other !== waiter);
    this.#settle(waiter, errorCodes.REQUEST_TIMED_OUT);
  }

  #settle(waiter: Waiter, errorCode: number): void {
    if (waiter.timer !== undefined) this.#timers.clearTimer(waiter.timer);
    this.#onCountChange(-1);
    waiter.settle(errorCode);
  }
}
