// Time that only the test moves.

import type { Clock, TimerHandle, Timers } from '#engine/world/ports.ts';

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

export class ManualTime implements Clock, Timers {
  #nowMs = 1_000_000;
  #order = 0;
  readonly #due = new Set<Due>();
  #soon: (() => void)[] = [];

  nowMs(): number {
    return this.#nowMs;
  }
  monotonicUs(): number {
    return this.#nowMs * 1000;
  }

  setTimer(delayMs: number, fire: () => void): TimerHandle {
    const due: Due = { atMs: this.#nowMs + delayMs, order: this.#order++, fire };
    this.#due.add(due);
    return due as unknown as TimerHandle;
  }

  clearTimer(handle: TimerHandle): void {
    this.#due.delete(handle as unknown as Due);
  }
  soon(fire: () => void): void {
    this.#soon.push(fire);
  }

  get pendingTimers(): number {
    return this.#due.size;
  }

  /** Runs what was put off to the next turn. */
  turn(): void {
    const now = this.#soon;
    this.#soon = [];
    for (const fire of now) fire();
  }

  /** Moves on, firing what falls due on the way in its order. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#due.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fire();
      this.turn();
    }
    this.#nowMs = endMs;
    this.turn();
  }

  /** Time passes and nothing happens: a process that was frozen. What is due comes with the next advance. */
  leap(byMs: number): void {
    this.#nowMs += byMs;
  }

  #next(endMs: number): Due | undefined {
    return [...this.#due].filter((due) => due.atMs <= endMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

/** Lets what was put off, and the promises behind it, happen. */
export async function turnAndSettle(time: ManualTime): Promise<void> {
  time.turn();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Whether `promise` has ended, or ends with what was put off. */
export async function isSettledAfterTurn(time: ManualTime, promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => {
    isSettled = true;
  });
  await turnAndSettle(time);
  return isSettled;
}
