// Which topics lie idle: nothing was written to them or read from them for a while, as far as facts and snapshots show.

import type { TopologySnapshot } from '#server/cluster/port.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

/** Long enough that a topic written to every few seconds is never idle. */
export const idleAfterMs = 30_000;

type Positions = ReadonlyMap<string, number>;

/** One number for each topic that grows with everything written to it and committed on it. */
function positions(snapshot: TopologySnapshot): Positions {
  const sums = new Map<string, number>();
  for (const topic of snapshot.topics)
    sums.set(
      topic.name,
      topic.partitions.reduce((sum, partition) => sum + (partition.endOffset ?? 0), 0),
    );
  for (const group of snapshot.groups)
    for (const offset of group.offsets) sums.set(offset.topic, (sums.get(offset.topic) ?? 0) + (offset.committedOffset ?? 0));
  return sums;
}

export class TopicActivity {
  /** When each topic was last active; a topic that was just met counts as active. */
  #activeMs = new Map<string, number>();
  #positions: Positions = new Map();

  onFact(event: TraceEvent): void {
    if (event.kind === 'produced' || event.kind === 'consumed') this.#activeMs.set(event.topic, event.atMs);
  }

  onSnapshot(snapshot: TopologySnapshot): void {
    const after = positions(snapshot);
    // Made anew, so that topics that are gone are forgotten.
    const active = new Map<string, number>();
    for (const { name } of snapshot.topics) {
      const lastMs = this.#positions.get(name) === after.get(name) ? this.#activeMs.get(name) : undefined;
      active.set(name, lastMs ?? snapshot.atMs);
    }
    this.#activeMs = active;
    this.#positions = after;
  }

  isIdle(topic: string, nowMs: number): boolean {
    const lastMs = this.#activeMs.get(topic);
    return lastMs !== undefined && nowMs - lastMs >= idleAfterMs;
  }
}
