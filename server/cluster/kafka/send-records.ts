// A few records from a page, each to its partition: the one that was asked for, else the one Kafka's default would
// choose. Records of one partition go as one batch, in their order.

import type { ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import { ClusterError } from '../cluster-error.ts';
import { Partitioner } from '../partitioner.ts';
import type { ProducedAt, ProduceInput } from '../port.ts';
import type { RawRecord, RecordProducer } from '../raw-records.ts';
import type { ClusterLink } from './link.ts';

interface Placed {
  readonly index: number;
  readonly topic: string;
  readonly partition: number;
  readonly record: RawRecord;
}

/** In the order of the input. */
export async function sendRecords(
  link: ClusterLink,
  producer: RecordProducer,
  records: readonly ProduceInput[],
): Promise<readonly ProducedAt[]> {
  const metadata = await link.metadata(0);
  const firstKeyless = link.world.random.nextInt(0x7fff_ffff);
  const nowMs = link.world.clock.nowMs();
  const placed = records.map((record, index) => ({
    index,
    topic: record.topic,
    partition: partitionFor(metadata, record, firstKeyless + index),
    record: toRaw(record, nowMs),
  }));
  const batches = Map.groupBy(placed, ({ topic, partition }) => `${topic}/${partition}`);
  const sent = await Promise.all([...batches.values()].map((batch) => sendBatch(producer, batch)));
  return sent
    .flat()
    .sort((a, b) => a.index - b.index)
    .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
}

async function sendBatch(
  producer: RecordProducer,
  batch: readonly Placed[],
): Promise<readonly (ProducedAt & { readonly index: number })[]> {
  const [first] = batch;
  if (first === undefined) return [];
  const { topic, partition } = first;
  const { baseOffset } = await producer.send({ topic, partition, records: batch.map((one) => one.record) });
  return batch.map(({ index }, position) => ({ index, topic, partition, offset: baseOffset + position }));
}

function partitionFor(metadata: ClusterMetadata, record: ProduceInput, keyless: number): number {
  const partitionCount = metadata.topics.get(record.topic)?.partitions.length ?? 0;
  if (partitionCount === 0)
    throw new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', { kind: 'unknown-topic', params: { topic: record.topic } });
  const partition = record.partition ?? new Partitioner(partitionCount, keyless).choose(record.key);
  if (partition >= partitionCount)
    throw new ClusterError('INVALID_INPUT', { kind: 'partition-beyond', params: { topic: record.topic, count: partitionCount } });
  return partition;
}

function toRaw({ key, value, headers, timestampMs }: ProduceInput, nowMs: number): RawRecord {
  return { offset: 0, key, value, headers, timestampMs: timestampMs ?? BigInt(nowMs) };
}
