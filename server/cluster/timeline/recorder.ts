// Writes a cluster's timeline as it happens, whether or not anybody looks. Facts wait a moment so that a burst (a
// broker that leads a thousand partitions goes down) becomes a few writes.
// Invariant: at most maxQueued facts wait; what is over that is counted and told as one entry of its own.

import type { ConsoleWhy, TimelineFact } from './entry.ts';

export interface TimelineStore {
  append(clusterId: string, facts: readonly TimelineFact[]): Promise<void>;
}

const flushMs = 250;
const maxQueued = 10_000;
const maxPerWrite = 500;

export class TimelineRecorder {
  readonly #clusterId: string;
  readonly #store: TimelineStore;
  #queue: TimelineFact[] = [];
  #lost = 0;
  #flushing: Promise<void> | null = null;

  constructor(clusterId: string, store: TimelineStore) {
    this.#clusterId = clusterId;
    this.#store = store;
  }

  take(facts: readonly TimelineFact[]): void {
    const room = Math.max(0, maxQueued - this.#queue.length);
    this.#queue.push(...facts.slice(0, room));
    this.#lost += Math.max(0, facts.length - room);
    if (this.#queue.length > 0) this.#flushing ??= this.#flush();
  }

  /** Resolves when everything taken so far is stored. */
  async settled(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing;
  }

  async #flush(): Promise<void> {
    await new Promise((wake) => setTimeout(wake, flushMs).unref());
    while (this.#queue.length > 0) await this.#store.append(this.#clusterId, this.#next());
    this.#flushing = null;
  }

  #next(): TimelineFact[] {
    const facts = this.#queue.splice(0, maxPerWrite);
    if (this.#lost > 0 && this.#queue.length === 0) {
      facts.push({
        atMs: Date.now(),
        kind: 'events-lost',
        subject: '',
        cause: 'more happened at once than could be kept',
        detail: { count: this.#lost, why: { kind: 'too-much-at-once', params: {} } satisfies ConsoleWhy },
      });
      this.#lost = 0;
    }
    return facts;
  }
}
