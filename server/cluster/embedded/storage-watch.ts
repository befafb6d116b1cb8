// What the brokers of our own cluster told of their disks and logs, kept for as long as it holds. They tell each thing once, so
// what was told before this console started comes from the timeline that an earlier one wrote.
// Invariant: of each broker at most maxFacts are kept; the first name what is wrong.

import { afterStorageFact, noTrouble, storageKinds, type StorageTrouble } from '../storage-trouble.ts';
import type { TimelineFact } from '../timeline/entry.ts';

const maxFacts = 2_000;

interface Told {
  /** From the timeline; what an earlier process of the broker told is among it. */
  readonly stored: TimelineFact[];
  readonly heard: TimelineFact[];
}

export class StorageWatch {
  readonly #brokers = new Map<number, Told>();

  /** Facts as they come, in the order in which they happened. */
  take(facts: readonly TimelineFact[]): void {
    for (const fact of facts) {
      if (!storageKinds.includes(fact.kind)) continue;
      for (const told of this.#about(fact)) {
        if (fact.kind === 'broker-started') told.stored.length = 0;
        if (fact.kind === 'broker-started') told.heard.length = 0;
        else if (told.heard.length < maxFacts) told.heard.push(fact);
      }
    }
  }

  /** What the timeline held when this console started to listen. */
  begin(stored: readonly TimelineFact[]): void {
    for (const fact of stored)
      if (storageKinds.includes(fact.kind)) for (const told of this.#about(fact)) if (told.stored.length < maxFacts) told.stored.push(fact);
  }

  /** @param startedAtMs when the broker's process started: what an earlier one told before doesn't count. */
  of(brokerId: number, startedAtMs: number): StorageTrouble {
    const told = this.#brokers.get(brokerId);
    if (told === undefined) return noTrouble;
    const facts = [...told.stored.filter(({ atMs }) => atMs >= startedAtMs), ...told.heard];
    return facts.reduce((known, { kind, detail }) => afterStorageFact(known, kind, detail), noTrouble);
  }

  /** The controller tells for all that a topic is gone; everything else a broker tells of itself. */
  #about({ kind, detail }: TimelineFact): readonly Told[] {
    if (kind === 'topic-deleted') return [...this.#brokers.values()];
    const brokerId = detail['brokerId'];
    if (typeof brokerId !== 'number') return [];
    const told = this.#brokers.get(brokerId) ?? { stored: [], heard: [] };
    this.#brokers.set(brokerId, told);
    return [told];
  }
}
