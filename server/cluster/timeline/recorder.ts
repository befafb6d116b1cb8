// Writes a cluster's timeline as it happens, whether or not anybody looks. Facts wait a moment so that a burst (a
// broker that leads a thousand partitions goes down) becomes a few writes.
// A store that fails is tried again with back-off, its facts wait meanwhile: nothing here ends by an error.
// Invariant: at most maxQueued facts wait; what is over that is counted and told as one entry of its own.

import { assert } from '#engine/base/assert.ts';
import type { ConsoleWhy, TimelineFact } from './entry.ts';

export interface TimelineStore {
  append(clusterId: string, facts: readonly TimelineFact[]): Promise<void>;
}

const flushMs = 250;
/** While the store fails, the pauses double up to this. */
const slowestRetryMs = 30_000;
const maxQueued = 10_000;
const maxPerWrite = 500;

export class TimelineRecorder {
  readonly #clusterId: string;
  readonly #store: TimelineStore;
  #queue: TimelineFact[] = [];
  #lost = 0;
  #isFailing = false;
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
    let pauseMs = flushMs;
    do {
      await new Promise((wake) => setTimeout(wake, pauseMs).unref());
      pauseMs = (await this.#writeAll()) ? flushMs : Math.min(slowestRetryMs, pauseMs * 2);
    } while (this.#queue.length > 0);
    this.#flushing = null;
  }

  /** False where the store failed: what it didn't take goes back to the front of the queue. */
  async #writeAll(): Promise<boolean> {
    while (this.#queue.length > 0) {
      const facts = this.#next();
      try {
        await this.#store.append(this.#clusterId, facts);
      } catch (error) {
        if (!this.#isFailing) console.error('the timeline could not be written; it is tried again', error);
        this.#isFailing = true;
        this.#putBack(facts);
        return false;
      }
      this.#isFailing = false;
    }
    return true;
  }

  #putBack(facts: readonly TimelineFact[]): void {
    const room = maxQueued - this.#queue.length;
    this.#queue.unshift(...facts.slice(0, room));
    this.#lost += Math.max(0, facts.length - room);
    assert(this.#queue.length <= maxQueued, 'facts that wait are bounded');
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
