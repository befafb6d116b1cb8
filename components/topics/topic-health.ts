// What one topic's partitions say together. Pure.
import type { PartitionDetail } from '#server/cluster/port.ts';
import type { CellLook } from '#components/ui/cell.tsx';
import type { State } from '#components/ui/state-shape.tsx';
import { sum } from './topic-list.ts';

export function partitionState(partition: PartitionDetail): State {
  if (partition.leaderId === null) return 'offline';
  return partition.isr.length < partition.replicas.length ? 'watch' : 'good';
}

/** How the copy of a partition on one broker is drawn; null where there is none. */
export function copyLook(partition: PartitionDetail, brokerId: number): CellLook | null {
  if (!partition.replicas.includes(brokerId)) return null;
  if (partition.leaderId === brokerId) return 'solid';
  if (partition.leaderId === null) return 'leaderless';
  if (partition.offlineReplicas.includes(brokerId)) return 'gone';
  return partition.isr.includes(brokerId) ? 'hollow' : 'hatched';
}

/** The first replica is the preferred leader; another one leading is told by a corner triangle. */
export function isFirstChoice(partition: PartitionDetail): boolean {
  return partition.leaderId === null || partition.leaderId === partition.replicas[0];
}

export interface TopicHealth {
  readonly state: State;
  readonly offline: number;
  readonly short: number;
  readonly records: number | null;
  readonly bytes: number | null;
  readonly rate: number | null;
}

export function topicHealth(partitions: readonly PartitionDetail[]): TopicHealth {
  const offline = partitions.filter((partition) => partitionState(partition) === 'offline').length;
  const short = partitions.filter((partition) => partitionState(partition) === 'watch').length;
  return {
    state: offline > 0 ? 'offline' : short > 0 ? 'watch' : 'good',
    offline,
    short,
    records: sum(partitions.map(recordsOf)),
    bytes: sum(partitions.map((partition) => partition.sizeBytes)),
    rate: sum(partitions.map((partition) => partition.recordsPerSecond)),
  };
}

export function recordsOf(partition: PartitionDetail): number | null {
  return partition.startOffset === null || partition.endOffset === null ? null : partition.endOffset - partition.startOffset;
}

export function brokersOf(partitions: readonly PartitionDetail[]): readonly number[] {
  return [...new Set(partitions.flatMap((partition) => partition.replicas))].toSorted((left, right) => left - right);
}

const windows = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];

/** How many of the last records the tapes show: enough for the reader furthest behind, at most a round million. */
export function tapeWindow(partitions: readonly PartitionDetail[], lags: readonly (number | null)[]): number {
  const longest = Math.max(1, ...partitions.map((partition) => recordsOf(partition) ?? 0));
  const furthest = Math.max(0, ...lags.map((lag) => lag ?? 0));
  const wanted = Math.min(longest, Math.max(furthest * 1.2, 100));
  return windows.find((one) => one >= wanted) ?? 1_000_000;
}
