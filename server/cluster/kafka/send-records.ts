// A few records from a page, each to its partition: the one that was asked for, else the one Kafka's default would choose.

import { ClusterError } from '../cluster-error.ts';
import { Partitioner } from '../partitioner.ts';
import type { ProducedAt, ProduceInput } from '../port.ts';
import type { RawRecord, RecordProducer } from '../raw-records.ts';
import type { ClusterLink } from './link.ts';

/** In the order of the input. */
export async function sendRecords(link: ClusterLink, producer: RecordProducer, records: readonly ProduceInput[]): Promise<readonly ProducedAt[]> {
  const metadata = await link.metadata(records.some((record) => record.partition === null) ? 0 : undefined);
  const firstKeyless = link.world.random.nextInt(0x7fff_ffff);
  return Promise.all(
    records.map(async (record, index) => {
      const partitionCount = metadata.topics.get(record.topic)?.partitions.length ?? 0;
      if (partitionCount === 0) throw new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', `this cluster has no topic "${record.topic}"`);
      const partition = record.partition ?? new Partitioner(partitionCount, firstKeyless + index).choose(record.key);
      if (partition >= partitionCount) throw new ClusterError('INVALID_INPUT', `${record.topic} has ${partitionCount} partitions, numbered from 0`);
      const { baseOffset } = await producer.send({ topic: record.topic, partition, records: [toRaw(record, link.world.clock.nowMs())] });
      return { topic: record.topic, partition, offset: baseOffset };
    }),
  );
}

function toRaw({ key, value, headers, timestampMs }: ProduceInput, nowMs: number): RawRecord {
  return { offset: 0, key, value, headers, timestampMs: timestampMs ?? BigInt(nowMs) };
}
