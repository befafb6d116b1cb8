import { Kafka, logLevel, CompressionTypes, type Consumer, type KafkaMessage, type Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type TestCluster } from './cluster-fixture.ts';
import { untilForgotten, untilKnown } from './known-topics.ts';
import { corpusRecord, fingerprint, type CorpusRecord } from './record-corpus.ts';

const recordCount = 10_000;
const perRequest = 500;
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

let cluster: TestCluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
  kafka = new Kafka({
    clientId: 'conformance',
    brokers: [...cluster.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 10, initialRetryTime: 50 },
  });
});

afterAll(async () => {
  await cluster?.close();
});

async function createTopic(topic: string, numPartitions: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions }] });
  await admin.disconnect();
  await untilKnown(cluster, topic, numPartitions);
}

/** kafkajs takes headers as an object whose arrays are headers that repeat. */
function toKafkajs({ key, value, headers }: CorpusRecord): Message {
  const grouped: Record<string, Buffer[]> = {};
  for (const header of headers) (grouped[header.key] ??= []).push(header.value);
  return { key, value, headers: grouped };
}

function flatten(message: Pick<KafkaMessage | Message, 'key' | 'value' | 'headers'>): string {
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, values]) =>
    [values].flat().map((value) => ({ key, value: value === undefined ? null : Buffer.from(value) })),
  );
  return fingerprint({ key: (message.key ?? null) as Buffer | null, value: (message.value ?? null) as Buffer | null, headers });
}

async function consumeAll(topic: string, groupId: string, count: number): Promise<readonly KafkaMessage[]> {
  const consumer = kafka.consumer({ groupId });
  const messages: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      reject(payload.error);
    });
    void consumer.run({
      eachBatch: async ({ batch }) => {
        messages.push(...batch.messages);
        if (messages.length >= count) resolve();
      },
    });
  });
  await consumer.disconnect();
  return messages;
}

describe.each([
  ['none', CompressionTypes.None],
  ['gzip', CompressionTypes.GZIP],
])('codec %s', (codec, compression) => {
  test(`${recordCount} records with keys, repeated headers, nulls and binary payloads come back byte for byte`, async () => {
    const topic = `corpus-${codec}`;
    await createTopic(topic, 6);
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const sent = Array.from({ length: recordCount }, (_, index) => toKafkajs(corpusRecord(index)));
    for (let at = 0; at < recordCount; at += perRequest)
      await producer.send({ topic, compression, messages: sent.slice(at, at + perRequest) });
    await producer.disconnect();
    const received = await consumeAll(topic, `group-${codec}`, recordCount);
    expect(received.map(flatten).sort()).toEqual(sent.map(flatten).sort());
  });
});

describe('topics', () => {
  test('created, described, extended and deleted through whichever broker is asked', async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'life', numPartitions: 2 }] });
    await untilKnown(cluster, 'life', 2);
    await admin.createPartitions({ topicPartitions: [{ topic: 'life', count: 5 }] });
    await untilKnown(cluster, 'life', 5);
    const described = await admin.fetchTopicMetadata({ topics: ['life'] });
    expect(described.topics[0]?.partitions.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1, 2, 3, 4]);
    await admin.deleteTopics({ topics: ['life'] });
    await untilForgotten(cluster, 'life');
    expect(await admin.listTopics()).not.toContain('life');
    await admin.disconnect();
  });

  test('are made for a producer that just writes to one', async () => {
    const producer = kafka.producer();
    await producer.connect();
    const [written] = await producer.send({ topic: 'made-on-demand', messages: [{ value: 'x' }] });
    expect(written).toMatchObject({ errorCode: 0, baseOffset: '0' });
    await producer.disconnect();
  });

  test('lie on all brokers: six partitions, two leaders each', async () => {
    await createTopic('spread', 6);
    const admin = kafka.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: ['spread'] });
    const leaders = topics[0]?.partitions.map(({ leader }) => leader) ?? [];
    expect([1, 2, 3].map((brokerId) => leaders.filter((leader) => leader === brokerId).length)).toEqual([2, 2, 2]);
    await admin.disconnect();
  });
});

describe('groups', () => {
  test('share the partitions, each record to one member, and go on from their commits', async () => {
    await createTopic('shared', 6);
    const seen: string[] = [];
    const wanted = 300;
    const start = async (memberName: string): Promise<Consumer> => {
      const consumer = kafka.consumer({ groupId: 'sharing', sessionTimeout: 10_000, heartbeatInterval: 200 });
      await consumer.connect();
      await consumer.subscribe({ topic: 'shared', fromBeginning: true });
      await consumer.run({
        autoCommitThreshold: 1,
        eachMessage: async ({ message }) => {
          seen.push(`${memberName}:${message.value?.toString() ?? ''}`);
        },
      });
      return consumer;
    };
    const members = [await start('a'), await start('b')];
    const producer = kafka.producer();
    await producer.connect();
    const send = (from: number): Promise<unknown> =>
      producer.send({
        topic: 'shared',
        messages: Array.from({ length: wanted }, (_, index) => ({ key: `k${index}`, value: String(from + index) })),
      });
    await send(0);
    await expect.poll(() => new Set(seen.map((entry) => entry.split(':')[1])).size).toBe(wanted);
    await Promise.all(members.map((member) => member.disconnect()));
    const before = seen.length;
    await send(wanted);
    const again = await start('c');
    await expect.poll(() => seen.slice(before).length).toBe(wanted);
    expect(seen.slice(before).every((entry) => Number(entry.split(':')[1]) >= wanted)).toBe(true);
    await again.disconnect();
    await producer.disconnect();
  });
});

describe('positions', () => {
  test('by time: the first record at or after the moment', async () => {
    await createTopic('times', 1);
    const producer = kafka.producer();
    await producer.connect();
    const base = Date.now() - 100_000;
    for (const offset of [0, 10, 20]) {
      await producer.send({ topic: 'times', messages: [{ value: String(offset), timestamp: String(base + offset * 1000) }] });
    }
    await producer.disconnect();
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.fetchTopicOffsetsByTimestamp('times', base + 5_000)).toMatchObject([{ partition: 0, offset: '1' }]);
    expect(await admin.fetchTopicOffsets('times')).toMatchObject([{ partition: 0, low: '0', high: '3' }]);
    await admin.deleteTopicRecords({ topic: 'times', partitions: [{ partition: 0, offset: '2' }] });
    expect(await admin.fetchTopicOffsets('times')).toMatchObject([{ partition: 0, low: '2', high: '3' }]);
    await admin.disconnect();
  });
});

test('no broker died and no client was refused on the way', () => {
  for (const broker of cluster.brokers) {
    expect(broker.isRunning()).toBe(true);
    expect(broker.logLines.filter((line) => line.event === 'fatal' || line.event === 'raw')).toEqual([]);
  }
});
