// Records a second of every partition, from the end offsets of snapshots a few seconds apart. Works on any cluster.

import type { TopologySnapshot } from '#server/cluster/port.ts';
import type { RatesByPartition } from './partition-rows.ts';

/** Over how long a rate is measured. */
const liveSpanMs = 5_000;
/** Snapshots kept; at one a second this is more than the span. */
const maxKept = 12;

interface Kept {
  readonly atMs: number;
  readonly endOffsets: ReadonlyMap<string, number>;
}

export class OffsetRates {
  readonly #spanMs: number;
  #kept: readonly Kept[] = [];

  constructor(spanMs: number = liveSpanMs) {
    this.#spanMs = spanMs;
  }

  take(snapshot: TopologySnapshot): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && snapshot.atMs <= last.atMs) return;
    const endOffsets = new Map<string, number>();
    for (const topic of snapshot.topics) {
      for (const partition of topic.partitions)
        if (partition.endOffset !== null) endOffsets.set(`${topic.name}-${partition.partition}`, partition.endOffset);
    }
    this.#kept = [...this.#kept.filter((kept) => snapshot.atMs - kept.atMs <= this.#spanMs), { atMs: snapshot.atMs, endOffsets }].slice(
      -maxKept,
    );
  }

  rates(): RatesByPartition {
    const [first, last] = [this.#kept[0], this.#kept.at(-1)];
    if (first === undefined || last === undefined || first === last) return new Map();
    const seconds = (last.atMs - first.atMs) / 1_000;
    return new Map(
      [...last.endOffsets].flatMap(([key, end]): [string, number][] => {
        const before = first.endOffsets.get(key);
        return before === undefined ? [] : [[key, Math.max(0, end - before) / seconds]];
      }),
    );
  }
}
