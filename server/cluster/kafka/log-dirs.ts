// Sizes on disk, by broker and partition. A request walks all logs of a broker, so the answer is kept for a while.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { describeLogDirsApi } from '#engine/protocol/apis/35-describe-log-dirs.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseOf } from '#engine/protocol/schema.ts';
import { noTrouble, type StorageTrouble } from '../storage-trouble.ts';

export interface BrokerDisk {
  /** null: none of its directories can be read. */
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  /** By "topic-partition". */
  readonly partitionBytes: ReadonlyMap<string, number>;
  readonly trouble: StorageTrouble;
}

type Directory = ResponseOf<typeof describeLogDirsApi>['results'][number];

/** With less room than this not even the next batches fit: who writes is refused, or will be in a moment. */
export const fullBelowBytes = 1024 * 1024;

/** By broker id; brokers that didn't answer, or may not, are absent. */
export type Disks = ReadonlyMap<number, BrokerDisk>;

export async function askDisks(client: KafkaClient): Promise<Disks> {
  const { brokers } = await client.metadata(5_000);
  const answers = await Promise.allSettled([...brokers.keys()].map((brokerId) => askDisk(client, brokerId)));
  return new Map(answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value !== null ? [answer.value] : [])));
}

async function askDisk(client: KafkaClient, brokerId: number): Promise<readonly [number, BrokerDisk] | null> {
  const answer = await client.toBroker(brokerId, describeLogDirsApi, { topics: null });
  return answer.results.length === 0 ? null : [brokerId, toDisk(answer.results)];
}

/** Sizes of the directories that can be read, and what is wrong with any. */
export function toDisk(results: readonly Directory[]): BrokerDisk {
  const directories = results.filter((directory) => directory.errorCode === 0);
  const trouble = toTrouble(results);
  if (directories.length === 0) return { usedBytes: null, totalBytes: null, usableBytes: null, partitionBytes: new Map(), trouble };
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
  return { usedBytes, totalBytes: sumOrNull(totals), usableBytes: sumOrNull(usables), partitionBytes, trouble };
}

function toTrouble(results: readonly Directory[]): StorageTrouble {
  const isOffline = (one: Directory): boolean => one.errorCode === errorCodes.KAFKA_STORAGE_ERROR;
  const isFull = (one: Directory): boolean => one.errorCode === 0 && one.usableBytes >= 0 && one.usableBytes < fullBelowBytes;
  return {
    ...noTrouble,
    fullDirectories: results.filter(isFull).map(({ logDir }) => logDir),
    failedDirectories: results.filter(isOffline).map(({ logDir }) => ({ directory: logDir, reason: 'KAFKA_STORAGE_ERROR' })),
  };
}

/** -1 is the protocol's "can't tell", and of one directory makes the sum unknown. */
function sumOrNull(values: readonly number[]): number | null {
  return values.some((value) => value < 0) ? null : values.reduce((sum, value) => sum + value, 0);
}
