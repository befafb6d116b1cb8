// When each group last committed to each partition, as the brokers tell it: the protocol has the offset, and not its time.
// Invariant: at most maxPlaces are kept, those that committed last.

import { assert } from '#engine/base/assert.ts';
import type { TraceEvent } from '#engine/trace/events.ts';

export const maxPlaces = 50_000;

export class CommitTimes {
  /** In the order of the commits, oldest first. */
  readonly #lastMs = new Map<string, number>();

  take(events: readonly TraceEvent[]): void {
    for (const event of events)
      if (event.kind === 'offset-committed') this.#note(keyOf(event.groupId, event.topic, event.partition), event.atMs);
    assert(this.#lastMs.size <= maxPlaces, 'commit times are bounded');
  }

  lastMs(groupId: string, topic: string, partition: number): number | null {
    return this.#lastMs.get(keyOf(groupId, topic, partition)) ?? null;
  }

  #note(key: string, atMs: number): void {
    this.#lastMs.delete(key);
    this.#lastMs.set(key, atMs);
    const oldest = this.#lastMs.size > maxPlaces ? this.#lastMs.keys().next() : null;
    if (oldest !== null && oldest.done !== true) this.#lastMs.delete(oldest.value);
  }
}

/** Topics have no slash in their names, so the rest can't be mistaken whatever a group is called. */
function keyOf(groupId: string, topic: string, partition: number): string {
  return `${topic}/${partition}/${groupId}`;
}
