// What the brokers of our own cluster told of their disks and logs, kept for as long as it holds. They tell each thing once, so
// what was told before this console started comes from the timeline that an earlier one wrote.
// Invariant: of each broker at most maxFacts are kept; the first name what is wrong.

import { afterStorageFact, joinTrouble, noTrouble, storageKinds, type StorageTrouble } from '../storage-trouble.ts';
import type { TimelineFact } from '../timeline/entry.ts';

const maxFacts = 2_000;

interface Told {
  /** From the timeline; what an earlier process of the broker told is among it. */
  readonly stored: TimelineFact[];
  readonly heard: TimelineFact[];
  /** Disks that were full when the broker last started anew, and when that was. */
  fullBefore: readonly string[];
  startedMs: number;
}

/** A broker that starts anew says nothing of a full disk until it writes to it again. Until it serves, and for this long after it
 *  started, its disk counts as it was; then what the protocol tells of its room counts. */
export const graceMs = 10_000;

export class StorageWatch {
  readonly #brokers = new Map<number, Told>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Facts as they come, in the order in which they happened. */
  take(facts: readonly TimelineFact[]): void {
    for (const fact of facts) {
      if (!storageKinds.includes(fact.kind)) continue;
      for (const told of this.#about(fact)) {
        if (fact.kind === 'broker-started') this.#startAnew(told);
        else if (told.heard.length < maxFacts) told.heard.push(fact);
      }
    }
  }

  /** What the timeline held when this console started to listen. */
  begin(stored: readonly TimelineFact[]): void {
    for (const fact of stored)
      if (storageKinds.includes(fact.kind)) for (const told of this.#about(fact)) if (told.stored.length < maxFacts) told.stored.push(fact);
  }

  /** @param process since when it runs, as what an earlier one told before doesn't count, and whether it serves */
  of(brokerId: number, process: { readonly startedAtMs: number; readonly isReady: boolean }): StorageTrouble {
    const told = this.#brokers.get(brokerId);
    if (told === undefined) return noTrouble;
    const facts = [...told.stored.filter(({ atMs }) => atMs >= process.startedAtMs), ...told.heard];
    const known = foldFacts(facts);
    const isUnseen = !process.isReady || this.#nowMs() - told.startedMs < graceMs;
    return isUnseen ? joinTrouble(known, { ...noTrouble, fullDirectories: told.fullBefore }) : known;
  }

  #startAnew(told: Told): void {
    const { fullDirectories } = foldFacts([...told.stored, ...told.heard]);
    // One that starts, is told of and dies again within the grace has not said anything new about its disk.
    if (fullDirectories.length > 0 || this.#nowMs() - told.startedMs >= graceMs) told.fullBefore = fullDirectories;
    told.startedMs = this.#nowMs();
    told.stored.length = 0;
    told.heard.length = 0;
  }

  /** The controller tells for all that a topic is gone; everything else a broker tells of itself. */
  #about({ kind, detail }: TimelineFact): readonly Told[] {
    if (kind === 'topic-deleted') return [...this.#brokers.values()];
    const brokerId = detail['brokerId'];
    if (typeof brokerId !== 'number') return [];
    const told = this.#brokers.get(brokerId) ?? { stored: [], heard: [], fullBefore: [], startedMs: -Infinity };
    this.#brokers.set(brokerId, told);
    return [told];
  }
}

function foldFacts(facts: readonly TimelineFact[]): StorageTrouble {
  return facts.reduce((known, { kind, detail }) => afterStorageFact(known, kind, detail), noTrouble);
}
