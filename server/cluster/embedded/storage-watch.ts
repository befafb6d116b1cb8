// What the brokers of our own cluster told of their disks and logs, kept for as long as it holds. They tell each thing once, so
// what was told before this console started comes from the timeline that an earlier one wrote.
// Invariant: of each broker no more is kept than what is wrong with it now, however much it told and however long it runs.

import { assert } from '#engine/base/assert.ts';
import {
  afterStorageFact,
  isTrouble,
  joinTrouble,
  maxNamed,
  noTrouble,
  standingAfter,
  storageKinds,
  troubleIn,
  type StorageTrouble,
} from '../storage-trouble.ts';
import type { TimelineFact } from '../timeline/entry.ts';

/** Kept while the timeline is being read. Were there more, what is over might be named until its broker restarts. */
const maxEarly = 2_000;

interface Told {
  /** From the timeline: what still holds, and when it was told. What an earlier process of the broker told is among it. */
  stored: readonly TimelineFact[];
  heard: StorageTrouble;
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
  /** What was heard before the timeline was read, and may undo what stands there; null: it was read. */
  #early: TimelineFact[] | null = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Facts as they come, in the order in which they happened. */
  take(facts: readonly TimelineFact[]): void {
    for (const fact of facts) {
      if (!storageKinds.includes(fact.kind)) continue;
      for (const told of this.#about(fact)) this.#hear(told, fact);
      if (this.#early !== null && !isTrouble(troubleIn([fact])) && this.#early.length < maxEarly) this.#early.push(fact);
    }
  }

  /** What the timeline held when this console started to listen. */
  begin(stored: readonly TimelineFact[]): void {
    assert(this.#early !== null, 'the timeline is read once');
    for (const fact of [...stored, ...this.#early])
      if (storageKinds.includes(fact.kind)) for (const told of this.#about(fact)) keep(told, standingAfter(told.stored, fact));
    this.#early = null;
  }

  /** @param process since when it runs, as what an earlier one told before doesn't count, and whether it serves */
  of(brokerId: number, process: { readonly startedAtMs: number; readonly isReady: boolean }): StorageTrouble {
    const told = this.#brokers.get(brokerId);
    if (told === undefined) return noTrouble;
    const known = joinTrouble(troubleIn(told.stored.filter(({ atMs }) => atMs >= process.startedAtMs)), told.heard);
    const isUnseen = !process.isReady || this.#nowMs() - told.startedMs < graceMs;
    return isUnseen ? joinTrouble(known, { ...noTrouble, fullDirectories: told.fullBefore }) : known;
  }

  #hear(told: Told, fact: TimelineFact): void {
    if (fact.kind === 'broker-started') this.#startAnew(told);
    told.heard = afterStorageFact(told.heard, fact.kind, fact.detail);
    keep(
      told,
      told.stored.filter((one) => isTrouble(troubleIn([one, fact]))),
    );
  }

  #startAnew(told: Told): void {
    const { fullDirectories } = joinTrouble(troubleIn(told.stored), told.heard);
    // One that starts, is told of and dies again within the grace has not said anything new about its disk.
    if (fullDirectories.length > 0 || this.#nowMs() - told.startedMs >= graceMs) told.fullBefore = fullDirectories;
    told.startedMs = this.#nowMs();
  }

  /** The controller tells for all that a topic is gone; everything else a broker tells of itself. */
  #about({ kind, detail }: TimelineFact): readonly Told[] {
    if (kind === 'topic-deleted') return [...this.#brokers.values()];
    const brokerId = detail['brokerId'];
    if (typeof brokerId !== 'number') return [];
    const told = this.#brokers.get(brokerId) ?? { stored: [], heard: noTrouble, fullBefore: [], startedMs: -Infinity };
    this.#brokers.set(brokerId, told);
    return [told];
  }
}

/** Four lists, each as long as it may get. */
const maxStanding = 4 * maxNamed;

function keep(told: Told, stored: Told['stored']): void {
  assert(stored.length <= maxStanding, 'more is kept of a broker than can be wrong with it');
  told.stored = stored;
}
