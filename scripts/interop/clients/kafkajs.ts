// kafkajs, as npm brings it: no codec but gzip is built in.

import { readFileSync } from 'node:fs';
import { CompressionTypes, Kafka, logLevel, type IHeaders, type KafkaMessage, type Message } from 'kafkajs';
import type { InteropClient, ReadJob, Surroundings, WriteJob } from '../client.ts';
import { partitions, type InteropHeader, type InteropRecord } from '../corpus.ts';
import { byPartition, toReadLine } from '../record-lines.ts';

const perRequest = 500;
const compressionOf = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP } as const;
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

export function openKafkajs({ bootstrap }: Surroundings): Promise<InteropClient> {
  const kafka = new Kafka({
    clientId: 'interop',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 10, initialRetryTime: 50 },
  });
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('kafkajs/package.json')), 'utf8')) as { version: string };
  return Promise.resolve({
    id: 'kafkajs',
    name: 'kafkajs',
    version,
    writes: ['none', 'gzip'],
    reads: ['none', 'gzip'],
    partitions,
    limits: [
      'snappy, lz4 and zstd need plug-ins and were left out',
      'headers are an object, so headers of one name stand together; the order among different names is lost',
      'cannot write a header whose value is null',
      'a send to several partitions succeeds without one of them when its leader moves to a broker that has answered already (producer/sendMessages.js)',
    ],
    asWritten: (records) =>
      records.map((record) => ({ ...record, headers: grouped(record.headers.filter(({ value }) => value !== null)) })),
    asRead: (record) => ({ ...record, headers: grouped(record.headers) }),
    write: (jobs) => write(kafka, jobs),
    read: (jobs) => read(kafka, jobs),
  });
}

function grouped(headers: readonly InteropHeader[]): readonly InteropHeader[] {
  return [...Map.groupBy(headers, ({ name }) => name).values()].flat();
}

async function write(kafka: Kafka, jobs: readonly WriteJob[]): Promise<void> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const { topic, codec, records } of jobs) {
    const compression = compressionOf[codec as keyof typeof compressionOf];
    for (let at = 0; at < records.length; at += perRequest) {
      await producer.send({ topic, compression, messages: records.slice(at, at + perRequest).map(toMessage) });
    }
  }
  await producer.disconnect();
}

function toMessage({ partition, timestamp, key, value, headers }: InteropRecord): Message {
  const byName: Record<string, Buffer[]> = {};
  for (const header of headers) if (header.value !== null) (byName[header.name] ??= []).push(header.value);
  return { partition, timestamp: String(timestamp), key, value, headers: byName };
}

async function read(kafka: Kafka, jobs: readonly ReadJob[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const consumer = kafka.consumer({ groupId: `interop-kafkajs-${Date.now()}`, maxWaitTimeInMs: 100 });
  const lines = new Map<string, string[]>(jobs.map(({ topic }) => [topic, []]));
  let left = jobs.reduce((sum, { count }) => sum + count, 0);
  await consumer.connect();
  await consumer.subscribe({ topics: jobs.map(({ topic }) => topic), fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      reject(payload.error);
    });
    void consumer.run({
      eachBatch: ({ batch }) => {
        for (const message of batch.messages) lines.get(batch.topic)?.push(toLine(batch.partition, message));
        left -= batch.messages.length;
        if (left <= 0) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return new Map([...lines].map(([topic, found]) => [topic, byPartition(found)]));
}

function toLine(partition: number, { offset, timestamp, key, value, headers }: KafkaMessage): string {
  return toReadLine({ partition, timestamp: Number(timestamp), key, value, headers: flatten(headers ?? {}) }, offset);
}

function flatten(headers: IHeaders): readonly InteropHeader[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value: value === undefined || value === null ? null : Buffer.from(value) })),
  );
}
