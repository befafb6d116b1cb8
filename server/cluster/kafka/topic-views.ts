// Topics as pages show them, from metadata, offsets, sizes and rates. Pure.

import type { PartitionMetadata, TopicMetadata } from '#engine/client/cluster-metadata.ts';
import type { PartitionDetail, TopicSummary, TopologyPartition } from '../port.ts';
import type { OffsetTable } from './list-offsets.ts';
import type { Disks } from './log-dirs.ts';

/** What is known beside the metadata; each part may be missing. */
export interface TopicFigures {
  readonly starts: OffsetTable | null;
  readonly ends: OffsetTable | null;
  readonly disks: Disks | null;
  /** min.insync.replicas of a topic; null: not known. */
  readonly minIsrOf: (topic: string) => number | null;
  readonly rateOf: (topicId: string | null, topic: string, partition: number) => number | null;
}

export function isOffline(partition: PartitionMetadata): boolean {
  return partition.leaderId < 0;
}

export function isUnderReplicated(partition: PartitionMetadata): boolean {
  return partition.isr.length < partition.replicas.length;
}

/** As Kafka counts it: a minimum beyond the number of replicas asks for all of them. Of a topic whose partitions are all
 *  whole, none is under any minimum. */
export function countUnderMinIsr({ partitions }: Pick<TopicMetadata, 'partitions'>, minimum: number | null): number | null {
  const thin = partitions.filter(isUnderReplicated);
  if (thin.length === 0) return 0;
  return minimum === null ? null : thin.filter(({ isr, replicas }) => isr.length < Math.min(minimum, replicas.length)).length;
}

export function toTopicSummary(topic: TopicMetadata, figures: TopicFigures): TopicSummary {
  const details = topic.partitions.map((partition) => toPartitionDetail(topic, partition, figures));
  return {
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitionCount: topic.partitions.length,
    replicationFactor: Math.max(0, ...topic.partitions.map((partition) => partition.replicas.length)),
    offlinePartitions: topic.partitions.filter(isOffline).length,
    underReplicatedPartitions: topic.partitions.filter(isUnderReplicated).length,
    underMinIsrPartitions: countUnderMinIsr(topic, figures.minIsrOf(topic.name)),
    recordCount: sumOrNull(
      details.map((one) => (one.startOffset === null || one.endOffset === null ? null : Math.max(0, one.endOffset - one.startOffset))),
    ),
    sizeBytes: sumOrNull(details.map((one) => one.sizeBytes)),
    recordsPerSecond: sumOrNull(details.map((one) => one.recordsPerSecond)),
  };
}

export function toPartitionDetail(
  topic: TopicMetadata,
  partition: PartitionMetadata,
  figures: Omit<TopicFigures, 'minIsrOf'>,
): PartitionDetail {
  const number = partition.partition;
  const disk = figures.disks?.get(partition.leaderId);
  return {
    partition: number,
    leaderId: nullIfNegative(partition.leaderId),
    leaderEpoch: nullIfNegative(partition.leaderEpoch),
    replicas: partition.replicas,
    isr: partition.isr,
    offlineReplicas: partition.offlineReplicas,
    startOffset: figures.starts?.get(topic.name, number) ?? null,
    endOffset: figures.ends?.get(topic.name, number) ?? null,
    sizeBytes: disk?.partitionBytes.get(`${topic.name}-${number}`) ?? null,
    recordsPerSecond: figures.rateOf(topic.topicId, topic.name, number),
  };
}

export function toTopologyPartition(topic: TopicMetadata, partition: PartitionMetadata, ends: OffsetTable | null): TopologyPartition {
  return {
    partition: partition.partition,
    leaderId: nullIfNegative(partition.leaderId),
    leaderEpoch: nullIfNegative(partition.leaderEpoch),
    replicas: partition.replicas,
    isr: partition.isr,
    endOffset: ends?.get(topic.name, partition.partition) ?? null,
  };
}

/** The protocol's -1 is "none" or "can't tell". */
function nullIfNegative(value: number): number | null {
  return value < 0 ? null : value;
}

/** One part that is unknown makes the sum unknown: a sum of the rest would look exact and be too small. */
export function sumOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
