import { Consumer, Producer, Admin, MessagesStreamModes, type Message } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type TestCluster } from './cluster-fixture.ts';
import { untilKnown } from './known-topics.ts';
import { corpusRecord, fingerprint, type CorpusRecord } from './record-corpus.ts';

const recordCount = 10_000;
const perRequest = 500;

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
});
afterAll(async () => {
  await cluster?.close();
});

const clientOptions = () => ({ clientId: 'conformance', bootstrapBrokers: [...cluster.bootstrap], retries: 20, retryDelay: 100 });

async function createTopic(topic: string, partitions: number): Promise<void> {
  const admin = new Admin(clientOptions());
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
  await untilKnown(cluster, topic, partitions);
}

/** Buffers as map keys are different keys, so headers may repeat. */
function toMessage(topic: string, { key, value, headers }: CorpusRecord) {
  return {
    topic,
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    headers: new Map(headers.map((header) => [Buffer.from(header.key), header.value])),
  };
}

function fingerprintOf(message: Message): string {
  return fingerprint({
    key: message.key ?? null,
    value: message.value ?? null,
    headers: message.headerEntries.map(([key, value]) => ({ key: key.toString(), value })),
  });
}

async function consumeAll(topic: string, groupId: string, count: number): Promise<readonly string[]> {
  const consumer = new Consumer({ ...clientOptions(), groupId, sessionTimeout: 20_000, heartbeatInterval: 500 });
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST, autocommit: true, maxWaitTime: 100 });
  const fingerprints: string[] = [];
  for await (const message of stream) {
    fingerprints.push(fingerprintOf(message));
    if (fingerprints.length >= count) break;
  }
  await consumer.close(true);
  return fingerprints;
}

describe.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('codec %s', (compression) => {
  test(`${recordCount} records with keys, repeated headers, nulls and binary payloads come back byte for byte`, async () => {
    const topic = `corpus-${compression}`;
    await createTopic(topic, 6);
    const producer = new Producer({ ...clientOptions(), idempotent: true });
    const corpus = Array.from({ length: recordCount }, (_, index) => corpusRecord(index));
    for (let at = 0; at < recordCount; at += perRequest) {
      await producer.send({ compression, messages: corpus.slice(at, at + perRequest).map((record) => toMessage(topic, record)) });
    }
    await producer.close();
    const received = await consumeAll(topic, `group-${compression}`, recordCount);
    expect(received.toSorted()).toEqual(corpus.map(fingerprint).sort());
  });
});

test('no broker died on the way', () => {
  for (const broker of cluster.brokers) {
    expect(broker.isRunning()).toBe(true);
    expect(broker.logLines.filter((line) => line.event === 'fatal' || line.event === 'raw')).toEqual([]);
  }
});
