// Where requests wait for something to happen to a partition: a fetch for bytes, and whatever else must be woken by key.
// The name is Kafka's. Each waiter leaves exactly once: it is satisfied, its time is up, or its client is gone.
// Invariant: at most `maxWaiting` wait; a newcomer beyond that is told so and answered at once.

import type { TimerHandle, Timers } from '#engine/world/ports.ts';

export interface Waiter {
  /** Told that `amount` (bytes, for fetches) became available under `key`; answers whether the wait is over. */
  readonly isSatisfied: (key: string, amount: number) => boolean;
  /** The wait is over, by satisfaction or by time. Runs once, in a turn of its own. */
  readonly complete: () => void;
}

interface Entry {
  readonly keys: readonly string[];
  readonly waiter: Waiter;
  timer: TimerHandle | undefined;
  isDone: boolean;
}

export class Purgatory {
  readonly #timers: Timers;
  readonly #maxWaiting: number;
  readonly #byKey = new Map<string, Set<Entry>>();
  #waiting = 0;
  /** Entries that are satisfied and complete at the end of this turn, so that appends of one turn wake a fetch once. */
  #ready: Entry[] = [];

  constructor(timers: Timers, maxWaiting: number) {
    this.#timers = timers;
    this.#maxWaiting = maxWaiting;
  }

  get waiting(): number {
    return this.#waiting;
  }
  get isFull(): boolean {
    return this.#waiting >= this.#maxWaiting;
  }

  /** Parks a waiter; returns what cancels it silently and says whether it was still waiting. The caller has looked at `isFull`. */
  park(keys: readonly string[], timeoutMs: number, waiter: Waiter): () => boolean {
    const entry: Entry = { keys, waiter, timer: undefined, isDone: false };
    for (const key of keys) this.#watch(key, entry);
    this.#waiting += 1;
    entry.timer = this.#timers.setTimer(timeoutMs, () => {
      if (this.#leave(entry)) waiter.complete();
    });
    return () => this.#leave(entry);
  }

  /** Something happened to `key`. Costs nothing when nobody waits for it. */
  notify(key: string, amount: number): void {
    const entries = this.#byKey.get(key);
    if (entries === undefined) return;
    for (const entry of entries) {
      if (entry.waiter.isSatisfied(key, amount)) this.#completeSoon(entry);
    }
  }

  /** Completes all that wait for `key`, satisfied or not: its leadership or existence changed. */
  wakeAll(key: string): void {
    for (const entry of this.#byKey.get(key) ?? []) this.#completeSoon(entry);
  }

  #completeSoon(entry: Entry): void {
    if (!this.#leave(entry)) return;
    this.#ready.push(entry);
    if (this.#ready.length === 1)
      this.#timers.soon(() => {
        this.#completeReady();
      });
  }

  #completeReady(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const entry of ready) entry.waiter.complete();
  }

  #watch(key: string, entry: Entry): void {
    const entries = this.#byKey.get(key);
    if (entries === undefined) this.#byKey.set(key, new Set([entry]));
    else entries.add(entry);
  }

  /** False when the entry had left already. */
  #leave(entry: Entry): boolean {
    if (entry.isDone) return false;
    entry.isDone = true;
    if (entry.timer !== undefined) this.#timers.clearTimer(entry.timer);
    for (const key of entry.keys) this.#unwatch(key, entry);
    this.#waiting -= 1;
    return true;
  }

  #unwatch(key: string, entry: Entry): void {
    const entries = this.#byKey.get(key);
    entries?.delete(entry);
    if (entries?.size === 0) this.#byKey.delete(key);
  }
}
