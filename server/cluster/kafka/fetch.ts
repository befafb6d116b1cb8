// Record batches from leaders, as bytes. Topics go by name (up to version 12), as a page asks by name and an id would
// only matter if the topic were replaced between two requests.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { leaderOf } from '#engine/client/cluster-metadata.ts';
import { ServerError } from '#engine/client/errors.ts';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Isolation } from './list-offsets.ts';

const lastVersionWithNames = 12;
const fetchTimeoutMs = 60_000;

export interface FetchFrom {
  readonly partition: number;
  readonly offset: number;
}

export interface Fetched {
  readonly partition: number;
  /** The code as it came; 0 is good. */
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly records: Uint8Array;
  readonly aborted: readonly AbortedTransaction[];
}

/** Records of `producerId` from `firstOffset` on, up to its next marker, were rolled back. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface FetchOptions {
  readonly topic: string;
  readonly isolation: Isolation;
  readonly partitionMaxBytes: number;
  readonly maxBytes: number;
}

/** One request a leader. A partition without a leader answers LEADER_NOT_AVAILABLE, as a broker would. */
export async function fetchFrom(client: KafkaClient, from: readonly FetchFrom[], options: FetchOptions): Promise<readonly Fetched[]> {
  const metadata = await client.metadata(5_000);
  const byLeader = Map.groupBy(from, (one) => leaderOf(metadata, options.topic, one.partition)?.brokerId ?? null);
  const parts = await Promise.all(
    [...byLeader].map(([brokerId, asked]) =>
      brokerId === null
        ? asked.map((one) => unfetched(one, errorCodes.LEADER_NOT_AVAILABLE))
        : fetchFromLeader(client, { brokerId, asked }, options),
    ),
  );
  return parts.flat();
}

async function fetchFromLeader(
  client: KafkaClient,
  round: { readonly brokerId: number; readonly asked: readonly FetchFrom[] },
  options: FetchOptions,
): Promise<readonly Fetched[]> {
  const partitions = round.asked.map(({ partition, offset }) => ({
    partition,
    fetchOffset: offset,
    partitionMaxBytes: options.partitionMaxBytes,
  }));
  const answer = await client.toBroker(
    { brokerId: round.brokerId, maxVersion: lastVersionWithNames, timeoutMs: fetchTimeoutMs },
    fetchApi,
    {
      maxWaitMs: 200,
      minBytes: 1,
      maxBytes: options.maxBytes,
      isolationLevel: options.isolation === 'committed' ? 1 : 0,
      topics: [{ topic: options.topic, partitions }],
    },
  );
  if (answer.errorCode !== 0) throw new ServerError(answer.errorCode, `fetching ${options.topic}`);
  return answer.responses.flatMap((topic) =>
    topic.partitions.map((partition) => ({
      partition: partition.partitionIndex,
      errorCode: partition.errorCode,
      highWatermark: partition.highWatermark,
      logStartOffset: partition.logStartOffset,
      records: partition.records ?? new Uint8Array(0),
      aborted: partition.abortedTransactions ?? [],
    })),
  );
}

function unfetched({ partition }: FetchFrom, errorCode: number): Fetched {
  return { partition, errorCode, highWatermark: -1, logStartOffset: -1, records: new Uint8Array(0), aborted: [] };
}
