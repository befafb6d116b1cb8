// Rates of a cluster that tells no facts: what changed between two snapshots, divided by the time between them.
// End offsets tell what was written to a partition, committed offsets what a group has read of it.

import type { EdgeBook } from './edges.ts';
import type { TopologySnapshot } from '#server/cluster/port.ts';

/** Snapshots closer than this give too coarse a rate. */
export const leastSpanMs = 400;

interface Change {
  readonly key: string;
  readonly brokerId: number;
  readonly perSecond: number;
}

function endOffsets(
  snapshot: TopologySnapshot,
): ReadonlyMap<string, { readonly leaderId: number | null; readonly endOffset: number | null }> {
  return new Map(
    snapshot.topics
      .filter((topic) => !topic.isInternal)
      .flatMap((topic) => topic.partitions.map((partition) => [`${topic.name}-${partition.partition}`, partition])),
  );
}

/** Records written a second, by leader. */
export function writtenPerSecond(before: TopologySnapshot, after: TopologySnapshot): ReadonlyMap<number, number> {
  const rates = new Map<number, number>();
  const earlier = endOffsets(before);
  for (const [name, partition] of endOffsets(after)) {
    const was = earlier.get(name)?.endOffset;
    if (partition.leaderId === null || partition.endOffset === null || was === null || was === undefined) continue;
    const perSecond = Math.max(0, partition.endOffset - was) / ((after.atMs - before.atMs) / 1_000);
    rates.set(partition.leaderId, (rates.get(partition.leaderId) ?? 0) + perSecond);
  }
  return rates;
}

function readChanges(before: TopologySnapshot, after: TopologySnapshot): readonly Change[] {
  const partitions = endOffsets(after);
  return after.groups.flatMap((group) => {
    const earlier = new Map(
      before.groups
        .find((other) => other.groupId === group.groupId)
        ?.offsets.map((offset) => [`${offset.topic}-${offset.partition}`, offset.committedOffset]),
    );
    return group.offsets.flatMap((offset): readonly Change[] => {
      const name = `${offset.topic}-${offset.partition}`;
      const [was, leaderId] = [earlier.get(name), partitions.get(name)?.leaderId];
      if (offset.committedOffset === null || was === null || was === undefined || leaderId === null || leaderId === undefined) return [];
      return [
        {
          key: `group:${group.groupId}`,
          brokerId: leaderId,
          perSecond: Math.max(0, offset.committedOffset - was) / ((after.atMs - before.atMs) / 1_000),
        },
      ];
    });
  });
}

/** Writes the measured rates onto edges. Does nothing when the snapshots are too close to tell. */
export function measureEdges(edges: EdgeBook, before: TopologySnapshot, after: TopologySnapshot): void {
  if (after.atMs - before.atMs < leastSpanMs) return;
  for (const edge of edges.all) if (edge.measuredPerSecond !== null) edge.measuredPerSecond = 0;
  for (const [brokerId, perSecond] of writtenPerSecond(before, after))
    edges.client('produce', 'clients:unknown', brokerId).measuredPerSecond = perSecond;
  for (const change of readChanges(before, after)) {
    const edge = edges.client('consume', change.key, change.brokerId);
    edge.measuredPerSecond = (edge.measuredPerSecond ?? 0) + change.perSecond;
  }
}
