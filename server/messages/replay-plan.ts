// From what was asked to what is read: every end of every range is fixed here, once, before the first record is
// sent. So a topic replayed into itself ends: what the replay writes lies behind the ends. Pure.

import { ClusterError } from '#server/cluster/cluster-error.ts';
import type { OffsetRange, PartitionOffsets } from '#server/cluster/raw-records.ts';
import type { ReplayRange, ReplaySource } from './replay-model.ts';

export interface PickedRecord {
  readonly partition: number;
  readonly offset: number;
}

export interface ReplayPlan {
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  /** By partition, the offsets to send; null sends all that the ranges hold. */
  readonly wanted: ReadonlyMap<number, ReadonlySet<number>> | null;
  readonly totalOffsets: number;
  /** Picked offsets that lie outside of what the partition holds now. */
  readonly missing: readonly PickedRecord[];
}

/** Picks this close to each other are read in one go: they mostly lie in one batch or two. */
const joinedGap = 200;

/** Throws ClusterError INVALID_INPUT for a partition that the topic doesn't have. */
export function planReplay(source: ReplaySource, offsets: readonly PartitionOffsets[]): ReplayPlan {
  const known = new Map(offsets.map((one) => [one.partition, one]));
  return source.kind === 'picked' ? planPicked(source.topic, source.records, known) : planRanges(source.topic, source.ranges, known);
}

function planRanges(topic: string, asked: readonly ReplayRange[], known: ReadonlyMap<number, PartitionOffsets>): ReplayPlan {
  const ranges = asked
    .map((range) => toRange(range, require(known, topic, range.partition)))
    .filter((range) => range.fromOffset < range.toOffset);
  return { topic, ranges, wanted: null, totalOffsets: countOffsets(ranges), missing: [] };
}

function toRange(range: ReplayRange, held: PartitionOffsets): OffsetRange {
  return {
    partition: range.partition,
    fromOffset: Math.max(range.fromOffset ?? held.startOffset, held.startOffset),
    toOffset: Math.min(range.toOffset ?? held.endOffset, held.endOffset),
  };
}

function planPicked(topic: string, picked: readonly PickedRecord[], known: ReadonlyMap<number, PartitionOffsets>): ReplayPlan {
  const wanted = new Map<number, Set<number>>();
  const missing: PickedRecord[] = [];
  for (const { partition, offset } of picked) {
    const held = require(known, topic, partition);
    if (offset < held.startOffset || offset >= held.endOffset) missing.push({ partition, offset });
    else wanted.set(partition, (wanted.get(partition) ?? new Set()).add(offset));
  }
  const ranges = [...wanted].sort(([a], [b]) => a - b).flatMap(([partition, offsets]) => joinOffsets(partition, [...offsets]));
  return { topic, ranges, wanted, totalOffsets: countOffsets(ranges), missing };
}

/** Covers the offsets with as few ranges as make sense. */
function joinOffsets(partition: number, offsets: readonly number[]): readonly OffsetRange[] {
  const ranges: { partition: number; fromOffset: number; toOffset: number }[] = [];
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && offset - last.toOffset <= joinedGap) last.toOffset = offset + 1;
    else ranges.push({ partition, fromOffset: offset, toOffset: offset + 1 });
  }
  return ranges;
}

function countOffsets(ranges: readonly OffsetRange[]): number {
  return ranges.reduce((sum, range) => sum + range.toOffset - range.fromOffset, 0);
}

function require(known: ReadonlyMap<number, PartitionOffsets>, topic: string, partition: number): PartitionOffsets {
  const held = known.get(partition);
  if (held === undefined) throw new ClusterError('INVALID_INPUT', { kind: 'partition-unled', params: { topic, partition } });
  return held;
}
