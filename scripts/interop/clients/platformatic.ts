// @platformatic/kafka. Buffers as header names are different keys of its map, so headers may repeat.

import { readFileSync } from 'node:fs';
import { Consumer, MessagesStreamModes, Producer, type Message } from '@platformatic/kafka';
import { allCodecs, type InteropClient, type ReadJob, type Surroundings, type WriteJob } from '../client.ts';
import { partitions, type InteropRecord } from '../corpus.ts';
import { byPartition, toReadLine } from '../record-lines.ts';

const perRequest = 500;

interface Options {
  readonly clientId: string;
  readonly bootstrapBrokers: string[];
  readonly retries: number;
  readonly retryDelay: number;
}

export function openPlatformatic({ bootstrap }: Surroundings): Promise<InteropClient> {
  const options: Options = { clientId: 'interop', bootstrapBrokers: [...bootstrap], retries: 20, retryDelay: 100 };
  const manifest = new URL('../package.json', import.meta.resolve('@platformatic/kafka'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return Promise.resolve({
    id: 'platformatic',
    name: '@platformatic/kafka',
    version,
    writes: allCodecs,
    reads: allCodecs,
    partitions,
    limits: [],
    asWritten: (records) => records,
    asRead: (record) => record,
    write: (jobs) => write(options, jobs),
    read: (jobs) => read(options, jobs),
  });
}

async function write(options: Options, jobs: readonly WriteJob[]): Promise<void> {
  const producer = new Producer({ ...options, idempotent: true });
  for (const { topic, codec, records } of jobs) {
    for (let at = 0; at < records.length; at += perRequest) {
      await producer.send({ compression: codec, messages: records.slice(at, at + perRequest).map((record) => toMessage(topic, record)) });
    }
  }
  await producer.close();
}

function toMessage(topic: string, { partition, timestamp, key, value, headers }: InteropRecord) {
  return {
    topic,
    partition,
    timestamp: BigInt(timestamp ?? 0),
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    // Its type has no null, its encoder writes one.
    headers: new Map(headers.map((header) => [Buffer.from(header.name), header.value as Buffer])),
  };
}

async function read(options: Options, jobs: readonly ReadJob[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const consumer = new Consumer({
    ...options,
    groupId: `interop-platformatic-${Date.now()}`,
    sessionTimeout: 30_000,
    heartbeatInterval: 500,
  });
  const lines = new Map<string, string[]>(jobs.map(({ topic }) => [topic, []]));
  let left = jobs.reduce((sum, { count }) => sum + count, 0);
  const stream = await consumer.consume({
    topics: jobs.map(({ topic }) => topic),
    mode: MessagesStreamModes.EARLIEST,
    autocommit: true,
    maxWaitTime: 100,
  });
  for await (const message of stream) {
    lines.get(message.topic)?.push(toLine(message));
    left -= 1;
    if (left === 0) break;
  }
  await consumer.close(true);
  return new Map([...lines].map(([topic, found]) => [topic, byPartition(found)]));
}

function toLine(message: Message): string {
  const headers = message.headerEntries.map(([name, value]) => ({
    name: name.toString(),
    value: (value as Buffer | null | undefined) ?? null,
  }));
  const record = {
    partition: message.partition,
    timestamp: Number(message.timestamp),
    key: message.key ?? null,
    value: message.value ?? null,
    headers,
  };
  return toReadLine(record, message.offset);
}
