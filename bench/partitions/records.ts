// Records that say where they belong, written to partitions drawn at random and read back whole: each partition must hold
// exactly the values that were acknowledged for it, in their order.

import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

export interface Topics {
  readonly names: readonly string[];
  readonly partitionsEach: number;
}

/** Values acknowledged so far, by `topic-partition`. */
export type Acknowledged = Map<string, string[]>;

const partitionsARequest = 200;
const timeoutMs = 120_000;
const maxBatchBytes = 1024 * 1024;

export async function withClient<Result>(port: number, use: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'bench-partitions' });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

export async function createAll(client: KafkaClient, { names, partitionsEach }: Topics): Promise<void> {
  for (const name of names) {
    const answer = await client.toController(createTopicsApi, {
      topics: [{ name, numPartitions: partitionsEach, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs,
      validateOnly: false,
    });
    const { errorCode = -1, errorMessage = '' } = answer.topics[0] ?? {};
    if (errorCode !== 0) throw new Error(`creating ${name} failed with error ${errorCode}: ${errorMessage}`);
  }
}

/** `count` records, each to a partition drawn at random. */
export async function produceAtRandom(client: KafkaClient, topics: Topics, acknowledged: Acknowledged, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += partitionsARequest) {
    const topic = topics.names[Math.floor(Math.random() * topics.names.length)] ?? '';
    const drawn = new Set(Array.from({ length: partitionsARequest }, () => Math.floor(Math.random() * topics.partitionsEach)));
    await produceOnce(client, acknowledged, { topic, partitions: [...drawn] });
  }
}

async function produceOnce(
  client: KafkaClient,
  acknowledged: Acknowledged,
  { topic, partitions }: { readonly topic: string; readonly partitions: readonly number[] },
): Promise<void> {
  const valueOf = (partition: number): string => `${topic}-${partition} ${acknowledged.get(`${topic}-${partition}`)?.length ?? 0}`;
  const toBatch = (partition: number): Uint8Array =>
    buildBatch([{ key: null, value: Buffer.from(valueOf(partition)), timestamp: Date.now(), headers: [] }]);
  const partitionData = partitions.map((index) => ({ index, records: toBatch(index) }));
  const { topicId } = (await client.metadata(timeoutMs)).topics.get(topic) ?? {};
  const answer = await client.toAny(produceApi, { acks: -1, timeoutMs, topicData: [{ name: topic, topicId, partitionData }] } as never);
  for (const { index, errorCode } of answer.responses.flatMap(({ partitionResponses }) => partitionResponses)) {
    if (errorCode !== 0) throw new Error(`a record for ${topic}-${index} was refused with error ${errorCode}`);
    const name = `${topic}-${index}`;
    const value = valueOf(index);
    acknowledged.set(name, [...(acknowledged.get(name) ?? []), value]);
  }
}

/** Every value of every partition; throws at the first that is missing, doubled or elsewhere. Answers how many there are. */
export async function readBackWhole(client: KafkaClient, topics: Topics, acknowledged: Acknowledged): Promise<number> {
  let read = 0;
  for (const topic of topics.names) {
    for (let from = 0; from < topics.partitionsEach; from += partitionsARequest) {
      const partitions = Array.from({ length: Math.min(partitionsARequest, topics.partitionsEach - from) }, (_, index) => from + index);
      read += await readOnce(client, acknowledged, { topic, partitions });
    }
  }
  return read;
}

async function readOnce(
  client: KafkaClient,
  acknowledged: Acknowledged,
  { topic, partitions }: { readonly topic: string; readonly partitions: readonly number[] },
): Promise<number> {
  const asked = partitions.map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: maxBatchBytes }));
  const { topicId } = (await client.metadata(timeoutMs)).topics.get(topic) ?? {};
  const answer = await client.toAny(fetchApi, {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic, topicId, partitions: asked }],
    forgottenTopicsData: [],
  } as never);
  const found = new Map(answer.responses.flatMap((entry) => entry.partitions).map((entry) => [entry.partitionIndex, entry]));
  let read = 0;
  for (const partition of partitions) {
    const name = `${topic}-${partition}`;
    const entry = found.get(partition);
    if (entry?.errorCode !== 0) throw new Error(`${name} can't be read: error ${entry?.errorCode ?? 'none, it is missing'}`);
    const values = valuesIn(entry.records ?? new Uint8Array(0));
    const wanted = acknowledged.get(name) ?? [];
    if (values.join() !== wanted.join()) throw new Error(`${name} holds [${values.join()}], acknowledged were [${wanted.join()}]`);
    read += values.length;
  }
  return read;
}

function valuesIn(bytes: Uint8Array): readonly string[] {
  const values: string[] = [];
  for (const { at } of batchesIn(bytes)) {
    for (const record of recordsOf(bytes, at, { compression: nodeCompression, maxDecompressedBytes: maxBatchBytes }))
      values.push(Buffer.from(record.value ?? []).toString());
  }
  return values;
}
