// Timers by name: setting one again takes the earlier one's place. A timer that has fired counts as pending until
// it is consumed, so that whoever cancels it in between still wins.

import type { TimerHandle, Timers } from '#engine/world/ports.ts';

export interface KeyedTimer<Input> {
  readonly key: string;
  readonly input: Input;
}

export class KeyedTimers<Input> {
  readonly #timers: Timers;
  readonly #fire: (timer: KeyedTimer<Input>) => void;
  readonly #pending = new Map<string, { readonly timer: KeyedTimer<Input>; readonly handle: TimerHandle }>();

  constructor(timers: Timers, fire: (timer: KeyedTimer<Input>) => void) {
    this.#timers = timers;
    this.#fire = fire;
  }

  get size(): number {
    return this.#pending.size;
  }

  set(key: string, delayMs: number, input: Input): void {
    this.cancel(key);
    const timer: KeyedTimer<Input> = { key, input };
    this.#pending.set(key, {
      timer,
      handle: this.#timers.setTimer(delayMs, () => {
        this.#fire(timer);
      }),
    });
  }

  cancel(key: string): void {
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    this.#timers.clearTimer(pending.handle);
    this.#pending.delete(key);
  }

  /** True once, and only if the timer was neither cancelled nor set anew since it fired. */
  consume(timer: KeyedTimer<Input>): boolean {
    return this.#pending.get(timer.key)?.timer === timer && this.#pending.delete(timer.key);
  }

  clear(): void {
    for (const { handle } of this.#pending.values()) this.#timers.clearTimer(handle);
    this.#pending.clear();
  }
}
