// How many bytes of requests a broker holds at a time (queued.max.request.bytes): what has come of unfinished ones, what waits
// to be started, and what is worked on until its handler lets go of it. When that is too much, sockets aren't read, and TCP slows
// the clients down; nobody is refused.
// Invariant: whoever waits goes on once there is room, and the first in line whose request is unfinished goes on in any case:
// memory that only unfinished requests hold would never come free otherwise. So one request at a time is read beyond the bound;
// those of them that a handler holds for long (a JoinGroup waits for other members) add up.

import { assert } from '#engine/base/assert.ts';

interface Waiter {
  readonly goOn: () => void;
  /** Nothing but the rest of its request lets its memory come free. */
  readonly isMidRequest: boolean;
}

/** queued.max.request.bytes=-1 names no bound in Kafka; here it is this. */
export const defaultMaxRequestBytes = 512 * 1024 * 1024;

export class RequestMemory {
  readonly maxBytes: number;
  readonly #afterTurn: (wake: () => void) => void;
  /** In the order in which they came to wait. */
  readonly #waiting = new Map<object, Waiter>();
  #usedBytes = 0;
  #isWakePlanned = false;

  /** `afterTurn` runs what it is given when the code that runs now is done: no request is started inside another one's handler. */
  constructor(maxBytes: number, afterTurn: (wake: () => void) => void) {
    this.maxBytes = maxBytes;
    this.#afterTurn = afterTurn;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  add(sizeBytes: number): void {
    this.#usedBytes += sizeBytes;
  }

  free(sizeBytes: number): void {
    this.#usedBytes -= sizeBytes;
    assert(this.#usedBytes >= 0, 'no more is freed than was taken');
    this.#planWake();
  }

  /** Whether `who` may take in more. If not, it stands in line and `goOn` is called when it may. */
  admits(who: object, waiter: Waiter): boolean {
    if (this.#usedBytes < this.maxBytes) {
      this.leave(who);
      return true;
    }
    const wasFirst = this.#firstUnfinished === who;
    this.#waiting.set(who, waiter);
    const isFirst = this.#firstUnfinished === who;
    // Its request is whole and held by a handler, maybe for long: the turn of the next has come, and nothing else would wake it.
    if (wasFirst && !isFirst) this.#planWake();
    return isFirst;
  }

  /** It wants nothing more: the next in line takes its turn. */
  leave(who: object): void {
    if (this.#waiting.delete(who)) this.#planWake();
  }

  get #firstUnfinished(): object | undefined {
    for (const [who, { isMidRequest }] of this.#waiting) if (isMidRequest) return who;
    return undefined;
  }

  #planWake(): void {
    if (this.#isWakePlanned || this.#waiting.size === 0) return;
    this.#isWakePlanned = true;
    this.#afterTurn(() => {
      this.#isWakePlanned = false;
      this.#wake();
    });
  }

  /** Each asks again, the longest waiting first: whoever finds no room keeps its place. */
  #wake(): void {
    const first = this.#firstUnfinished;
    // A copy: whoever is woken may leave the line and join it again.
    for (const [who, { goOn }] of Array.from(this.#waiting)) if (who === first || this.#usedBytes < this.maxBytes) goOn();
  }
}
