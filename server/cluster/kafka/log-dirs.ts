// Sizes on disk, by broker and partition. A request walks all logs of a broker, so the answer is kept for a while.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { describeLogDirsApi } from '#engine/protocol/apis/35-describe-log-dirs.ts';

export interface BrokerDisk {
  readonly usedBytes: number;
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  /** By "topic-partition". */
  readonly partitionBytes: ReadonlyMap<string, number>;
}

/** By broker id; brokers that didn't answer, or may not, are absent. */
export type Disks = ReadonlyMap<number, BrokerDisk>;

export async function askDisks(client: KafkaClient): Promise<Disks> {
  const { brokers } = await client.metadata(5_000);
  const answers = await Promise.allSettled([...brokers.keys()].map((brokerId) => askDisk(client, brokerId)));
  return new Map(answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value !== null ? [answer.value] : [])));
}

async function askDisk(client: KafkaClient, brokerId: number): Promise<readonly [number, BrokerDisk] | null> {
  const answer = await client.toBroker(brokerId, describeLogDirsApi, { topics: null });
  const directories = answer.results.filter((directory) => directory.errorCode === 0);
  if (directories.length === 0) return null;
  const partitionBytes = new Map<string, number>();
  let usedBytes = 0;
  for (const topic of directories.flatMap((directory) => directory.topics)) {
    for (const partition of topic.partitions) {
      usedBytes += partition.partitionSize;
      if (!partition.isFutureKey) partitionBytes.set(`${topic.name}-${partition.partitionIndex}`, partition.partitionSize);
    }
  }
  const totals = directories.map((directory) => directory.totalBytes);
  const usables = directories.map((directory) => directory.usableBytes);
  return [brokerId, { usedBytes, totalBytes: sumOrNull(totals), usableBytes: sumOrNull(usables), partitionBytes }];
}

/** -1 is the protocol's "can't tell", and of one directory makes the sum unknown. */
function sumOrNull(values: readonly number[]): number | null {
  return values.some((value) => value < 0) ? null : values.reduce((sum, value) => sum + value, 0);
}
