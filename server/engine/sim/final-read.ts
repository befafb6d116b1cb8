// Reads a whole topic as a consumer would, when everything has healed.

import { fetchApi } from '../protocol/apis/01-fetch.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { nextOffset } from '../protocol/records/batch.ts';
import { batchesIn } from '../protocol/records/batch-check.ts';
import { recordsOf } from '../protocol/records/record-reader.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import { toTopicId } from '../base/brand.ts';
import type { World } from '../world/ports.ts';
import { bootstrapOf } from './bootstrap.ts';
import type { KeyedRecord } from './history.ts';

const fetchBytes = 1024 * 1024;
const retryPauseMs = 100;
const emptyFetchMs = 200;
const maxRecordBytes = 64 * 1024 * 1024;

export interface FinalReadOptions {
  readonly world: World;
  readonly topic: string;
  readonly partitions: number;
  readonly brokers: number;
}

/** Every record, by partition and then offset. */
export async function readTopic(options: FinalReadOptions): Promise<KeyedRecord[]> {
  const client = new KafkaClient(options.world, { bootstrap: bootstrapOf(options.brokers), clientId: 'final-read' });
  const read: KeyedRecord[] = [];
  for (let partition = 0; partition < options.partitions; partition++) read.push(...(await readPartition(client, options, partition)));
  client.close();
  return read;
}

async function readPartition(client: KafkaClient, options: FinalReadOptions, partition: number): Promise<KeyedRecord[]> {
  const read: KeyedRecord[] = [];
  for (let offset = 0; ;) {
    const got = await fetchOnce(client, options, { partition, offset });
    if (got === null)
      await new Promise<void>((wake) => {
        options.world.timers.setTimer(retryPauseMs, wake);
      });
    else if (typeof got === 'number') offset = got;
    else if (got.length === 0) return read;
    else offset = take(read, got, { partition, offset, world: options.world });
  }
}

/** The records from `offset`, or where the log begins when that is behind it. Null: not served now, ask again. */
async function fetchOnce(
  client: KafkaClient,
  { topic }: FinalReadOptions,
  { partition, offset }: { readonly partition: number; readonly offset: number },
): Promise<Uint8Array | number | null> {
  try {
    const known = (await client.metadata(0)).topics.get(topic);
    const leader = known?.partitions.find((one) => one.partition === partition)?.leaderId ?? -1;
    if (known === undefined || leader < 0) return null;
    const asked = {
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: offset,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: fetchBytes,
    };
    const topics = [{ topic, ...(known.topicId === null ? {} : { topicId: toTopicId(known.topicId) }), partitions: [asked] }];
    const answer = await client.toBroker(leader, fetchApi, {
      maxWaitMs: emptyFetchMs,
      minBytes: 1,
      maxBytes: fetchBytes,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics,
    });
    const result = answer.responses[0]?.partitions[0];
    if (result?.errorCode === errorCodes.OFFSET_OUT_OF_RANGE && result.logStartOffset > offset) return result.logStartOffset;
    return result?.errorCode === errorCodes.NONE ? (result.records ?? new Uint8Array(0)) : null;
  } catch {
    return null; // the broker went away: the caller pauses and asks again
  }
}

function take(
  read: KeyedRecord[],
  bytes: Uint8Array,
  { partition, offset, world }: { readonly partition: number; readonly offset: number; readonly world: World },
): number {
  let next = offset;
  for (const { at: batch } of batchesIn(bytes)) {
    for (const record of recordsOf(bytes, batch, { compression: world.compression, maxDecompressedBytes: maxRecordBytes })) {
      if (record.offset >= offset) read.push({ partition, offset: record.offset, key: textOf(record.key), value: textOf(record.value) });
    }
    next = nextOffset(bytes, batch);
  }
  return next;
}

function textOf(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString();
}
