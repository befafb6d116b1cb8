// Simulated time. Everything that will happen waits in one queue, ordered by moment and then by the order of asking,
// so a seed replays the same interleaving. Between two happenings all promises settle, as they would between two
// events of a real loop.
// Invariant: time never goes back, and nothing happens that wasn't asked for.

import { assert } from '../base/assert.ts';
import type { TimerHandle, Timers } from '../world/ports.ts';

interface Happening {
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** A world that has this much waiting is running away. */
const maxWaiting = 1_000_000;

export class Scheduler {
  #nowUs = 0;
  #order = 0;
  readonly #queue: Happening[] = [];

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Runs `run` after `delayUs` of simulated time. The answer cancels it. */
  after(delayUs: number, run: () => void): () => void {
    assert(this.#queue.length < maxWaiting, 'the simulated world runs away');
    const happening: Happening = { atUs: this.#nowUs + Math.max(0, Math.round(delayUs)), order: this.#order++, run, isCancelled: false };
    this.#push(happening);
    return () => {
      happening.isCancelled = true;
    };
  }

  /** Lets the world run for `spanUs`. */
  async run(spanUs: number): Promise<void> {
    const endUs = this.#nowUs + spanUs;
    while (this.#queue[0] !== undefined && this.#queue[0].atUs <= endUs) await this.#step();
    this.#nowUs = endUs;
  }

  /** Lets the world run until `isDone`, for at most `limitUs`; answers whether it came to that. */
  async until(isDone: () => boolean, limitUs: number): Promise<boolean> {
    const endUs = this.#nowUs + limitUs;
    await settlePromises();
    while (!isDone()) {
      if (this.#queue[0] === undefined || this.#queue[0].atUs > endUs) return false;
      await this.#step();
    }
    return true;
  }

  async #step(): Promise<void> {
    const next = this.#pop();
    assert(next.atUs >= this.#nowUs, 'time went back');
    this.#nowUs = next.atUs;
    if (next.isCancelled) return;
    next.run();
    await settlePromises();
  }

  #push(happening: Happening): void {
    const queue = this.#queue;
    let at = queue.push(happening) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(queue[parent]!, happening)) break;
      queue[at] = queue[parent]!;
      at = parent;
    }
    queue[at] = happening;
  }

  #pop(): Happening {
    const queue = this.#queue;
    const top = queue[0]!;
    const last = queue.pop()!;
    if (queue.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && isBefore(queue[child + 1]!, queue[child]!)) child += 1;
      if (isBefore(last, queue[child]!)) break;
      queue[at] = queue[child]!;
      at = child;
    }
    queue[at] = last;
    return top;
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order);
}

/** Every promise that can settle without a new happening has settled: microtasks run before the next immediate. */
function settlePromises(): Promise<void> {
  return new Promise((settle) => {
    setImmediate(settle);
  });
}

/** Answers true when the process stands still: `run` is kept until it goes on. */
export type HoldBack = (run: () => void) => boolean;

/** The timers of one node; a dead node's timers never fire, a frozen one's fire when it goes on. */
export function simTimers(scheduler: Scheduler, isAlive: () => boolean, holdBack: HoldBack = () => false): Timers {
  const guard = (fire: () => void, isCleared = (): boolean => false) => {
    const attempt = (): void => {
      if (isAlive() && !isCleared() && !holdBack(attempt)) fire();
    };
    return attempt;
  };
  return {
    setTimer: (delayMs, fire) => {
      // It may be cleared when it is due already, and waits for a process that stands still.
      let isCleared = false;
      const cancel = scheduler.after(
        delayMs * 1_000,
        guard(fire, () => isCleared),
      );
      const clear = (): void => {
        isCleared = true;
        cancel();
      };
      return clear as unknown as TimerHandle;
    },
    clearTimer: (handle) => {
      (handle as unknown as () => void)();
    },
    soon: (fire) => {
      scheduler.after(0, guard(fire));
    },
  };
}
