// Where each record went. Runs of records whose offsets rise together are kept as one entry, so that a straight copy
// of a million records takes one line. Runs are bounded; the summaries, one a pair of partitions, are always exact.

import type { MappingRun, MappingSummary } from './replay-model.ts';

export const maxMappingRuns = 50_000;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type OffsetPair = Omit<MappingRun, 'count'>;

export class ReplayMapping {
  readonly #runs: Mutable<MappingRun>[] = [];
  readonly #openRuns = new Map<string, Mutable<MappingRun>>();
  readonly #summaries = new Map<string, Mutable<MappingSummary>>();
  #isComplete = true;

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get runCount(): number {
    return this.#runs.length;
  }

  /** Records of one pair of partitions come in rising source offsets. */
  add(pair: OffsetPair): void {
    const key = `${pair.sourcePartition}>${pair.targetPartition}`;
    this.#addToSummary(key, pair);
    const open = this.#openRuns.get(key);
    if (open !== undefined && pair.sourceOffset === open.sourceOffset + open.count && pair.targetOffset === open.targetOffset + open.count)
      open.count += 1;
    else this.#startRun(key, pair);
  }

  runs(skip: number, limit: number): readonly MappingRun[] {
    return this.#runs.slice(skip, skip + limit).map((run) => ({ ...run }));
  }

  summaries(): readonly MappingSummary[] {
    const all = [...this.#summaries.values()].map((summary) => ({ ...summary }));
    return all.sort((a, b) => a.sourcePartition - b.sourcePartition || a.targetPartition - b.targetPartition);
  }

  #startRun(key: string, pair: OffsetPair): void {
    const run = { ...pair, count: 1 };
    this.#openRuns.set(key, run);
    if (this.#runs.length < maxMappingRuns) this.#runs.push(run);
    else this.#isComplete = false;
  }

  #addToSummary(key: string, pair: OffsetPair): void {
    const summary = this.#summaries.get(key);
    if (summary === undefined) {
      const { sourcePartition, targetPartition, sourceOffset, targetOffset } = pair;
      this.#summaries.set(key, {
        sourcePartition,
        targetPartition,
        count: 1,
        firstSourceOffset: sourceOffset,
        lastSourceOffset: sourceOffset,
        firstTargetOffset: targetOffset,
        lastTargetOffset: targetOffset,
      });
      return;
    }
    summary.count += 1;
    summary.lastSourceOffset = pair.sourceOffset;
    summary.lastTargetOffset = pair.targetOffset;
  }
}
