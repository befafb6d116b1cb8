// Where each replica of one partition stands, asked of its own broker. ListOffsets with the debugging replica id is answered
// by followers too (Kafka's own tools rely on it): log start and log end of a copy, without a word of its high watermark.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import { offsetForLeaderEpochApi } from '#engine/protocol/apis/23-offset-for-leader-epoch.ts';
import type { EpochStart } from '../partition-replicas.ts';
import { earliestTimestamp, latestTimestamp, type PartitionRef } from './list-offsets.ts';

const debuggingReplicaId = -2;
const consumerReplicaId = -1;
/** A log that saw more leaders than this is told by its newest. */
const maxEpochs = 16;

export interface ReplicaOffsets {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
}

export async function askReplica(client: KafkaClient, brokerId: number, place: PartitionRef): Promise<ReplicaOffsets | null> {
  const ask = (timestamp: number) => askOffset(client, brokerId, { ...place, timestamp, replicaId: debuggingReplicaId });
  const [logStartOffset, logEndOffset] = await Promise.all([ask(earliestTimestamp), ask(latestTimestamp)]);
  return logStartOffset === null || logEndOffset === null ? null : { logStartOffset, logEndOffset };
}

/** The ends of many copies on one broker, by "topic-partition", with one request; absent are those it doesn't tell. */
export async function askEnds(
  client: KafkaClient,
  brokerId: number,
  places: readonly PartitionRef[],
): Promise<ReadonlyMap<string, number>> {
  const topics = [...Map.groupBy(places, ({ topic }) => topic)].map(([name, asked]) => ({
    name,
    partitions: asked.map(({ partition }) => ({ partitionIndex: partition, timestamp: latestTimestamp })),
  }));
  const answer = await client.toBroker(brokerId, listOffsetsApi, {
    replicaId: debuggingReplicaId,
    isolationLevel: 0,
    topics,
    timeoutMs: 5_000,
  });
  return new Map(
    answer.topics.flatMap(({ name, partitions }) =>
      partitions.flatMap(({ partitionIndex, errorCode, offset }) =>
        errorCode === 0 && offset >= 0 ? [[`${name}-${partitionIndex}`, offset] as const] : [],
      ),
    ),
  );
}

/** What consumers may read up to: the leader's high watermark. */
export function askHighWatermark(client: KafkaClient, leaderId: number, place: PartitionRef): Promise<number | null> {
  return askOffset(client, leaderId, { ...place, timestamp: latestTimestamp, replicaId: consumerReplicaId });
}

interface Question extends PartitionRef {
  readonly timestamp: number;
  readonly replicaId: number;
}

async function askOffset(
  client: KafkaClient,
  brokerId: number,
  { topic, partition, timestamp, replicaId }: Question,
): Promise<number | null> {
  const answer = await client.toBroker(brokerId, listOffsetsApi, {
    replicaId,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
    timeoutMs: 5_000,
  });
  const told = answer.topics[0]?.partitions[0];
  return told === undefined || told.errorCode !== 0 || told.offset < 0 ? null : told.offset;
}

/**
 * The leader's epochs, found by asking backwards from the newest where each ended. A leader answers for an epoch older than
 * all it knows with its first one's start, so the walk ends where an end reaches the beginning of the log.
 */
export async function askEpochs(
  client: KafkaClient,
  place: PartitionRef & { readonly leaderId: number; readonly leaderEpoch: number; readonly logStartOffset: number },
): Promise<readonly EpochStart[]> {
  const found: EpochStart[] = [];
  for (let epoch = place.leaderEpoch; epoch >= 0 && found.length < maxEpochs;) {
    const before = epoch === 0 ? null : await askEpochEnd(client, place, epoch - 1);
    if (before === null || before.endOffset <= place.logStartOffset)
      return [{ epoch, startOffset: place.logStartOffset }, ...found.toReversed()];
    found.push({ epoch, startOffset: before.endOffset });
    epoch = before.epoch;
  }
  return found.toReversed();
}

async function askEpochEnd(
  client: KafkaClient,
  { topic, partition, leaderId }: PartitionRef & { readonly leaderId: number },
  leaderEpoch: number,
): Promise<{ readonly epoch: number; readonly endOffset: number } | null> {
  const answer = await client.toBroker(leaderId, offsetForLeaderEpochApi, {
    replicaId: debuggingReplicaId,
    topics: [{ topic, partitions: [{ partition, currentLeaderEpoch: -1, leaderEpoch }] }],
  });
  const told = answer.topics[0]?.partitions[0];
  if (told === undefined || told.errorCode !== 0 || told.endOffset < 0 || told.leaderEpoch < 0) return null;
  return { epoch: told.leaderEpoch, endOffset: told.endOffset };
}
