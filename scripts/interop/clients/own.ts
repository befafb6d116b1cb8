// The engine's own client and record codec: what the console reads topics with, and an independent pair of eyes on what the
// others wrote.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaderOf } from '#engine/client/cluster-metadata.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { decodeBatches } from '#server/cluster/kafka/decode-batches.ts';
import { fetchFrom } from '#server/cluster/kafka/fetch.ts';
import { allCodecs, type InteropClient, type ReadJob, type Surroundings, type WriteJob } from '../client.ts';
import { partitions, type InteropRecord } from '../corpus.ts';
import { byPartition, toReadLine } from '../record-lines.ts';

const perBatch = 400;
const maxBytes = 8 * 1024 * 1024;
/** Produce goes by topic name up to here. */
const lastVersionWithNames = 12;

export function openOwnClient({ bootstrap }: Surroundings): Promise<InteropClient> {
  const manifest = join(import.meta.dirname, '..', '..', '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const addresses = bootstrap.map((address) => ({
    host: address.slice(0, address.lastIndexOf(':')),
    port: Number(address.slice(address.lastIndexOf(':') + 1)),
  }));
  const connect = (): KafkaClient => new KafkaClient(nodeWorld(), { bootstrap: addresses, clientId: 'interop' });
  return Promise.resolve({
    id: 'own',
    name: "Logarium's own client (`server/engine/client`)",
    version,
    writes: allCodecs,
    reads: allCodecs,
    partitions,
    limits: [],
    asWritten: (records) => records,
    asRead: (record) => record,
    write: (jobs) => withClient(connect, (client) => write(client, jobs)),
    read: (jobs) => withClient(connect, (client) => read(client, jobs)),
  });
}

async function withClient<Result>(connect: () => KafkaClient, work: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const client = connect();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function write(client: KafkaClient, jobs: readonly WriteJob[]): Promise<void> {
  for (const job of jobs) {
    const byPartitionNumber = Map.groupBy(job.records, ({ partition }) => partition);
    for (const [partition, records] of byPartitionNumber) {
      for (let at = 0; at < records.length; at += perBatch)
        await writeBatch(client, { ...job, records: records.slice(at, at + perBatch) }, partition);
    }
  }
}

async function writeBatch(client: KafkaClient, { topic, codec, records }: WriteJob, partition: number): Promise<void> {
  const leader = leaderOf(await client.metadata(1_000), topic, partition);
  if (leader === null) throw new Error(`${topic}-${partition} has no leader`);
  const batch = buildBatch(records.map(toInput), { codec, compression: nodeCompression });
  const request = {
    transactionalId: null,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records: batch }] }],
  };
  const answer = await client.toBroker({ brokerId: leader.brokerId, maxVersion: lastVersionWithNames }, produceApi, request);
  const errorCode = answer.responses[0]?.partitionResponses[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`${topic}-${partition} answered error ${errorCode}`);
}

function toInput({ key, value, timestamp, headers }: InteropRecord) {
  return { key, value, timestamp: timestamp ?? 0, headers: headers.map((header) => ({ key: header.name, value: header.value })) };
}

async function read(client: KafkaClient, jobs: readonly ReadJob[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, readonly string[]>();
  for (const { topic } of jobs) {
    // Not every topic has as many partitions as ours: the console tools write into one.
    const known = (await client.metadata(0)).topics.get(topic)?.partitions ?? [];
    const parts = await Promise.all(known.map(({ partition }) => readPartition(client, topic, partition)));
    lines.set(topic, byPartition(parts.flat()));
  }
  return lines;
}

async function readPartition(client: KafkaClient, topic: string, partition: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let offset = 0; ;) {
    const [fetched] = await fetchFrom(client, [{ partition, offset }], {
      topic,
      isolation: 'committed',
      partitionMaxBytes: maxBytes,
      maxBytes,
    });
    if (fetched === undefined) return lines;
    if (fetched.errorCode !== 0) throw new Error(`${topic}-${partition} answered error ${fetched.errorCode}`);
    for (const batch of decodeBatches(fetched.records, { compression: nodeCompression, aborted: fetched.aborted })) {
      lines.push(...batch.records.map((record) => toReadLine(toInterop(partition, record), record.offset)));
      offset = batch.nextOffset;
    }
    if (offset >= fetched.highWatermark) return lines;
  }
}

function toInterop(partition: number, { timestamp, key, value, headers }: LogRecord): InteropRecord {
  const buffer = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
  return {
    partition,
    timestamp,
    key: buffer(key),
    value: buffer(value),
    headers: headers.map((header) => ({ name: header.key, value: buffer(header.value) })),
  };
}
