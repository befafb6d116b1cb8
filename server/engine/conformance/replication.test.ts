// Three brokers, three replicas, acks=all: the leader of a partition under load is killed outright, and an idempotent
// producer goes on. What was acknowledged is read back once. How long the writes stood still is printed, never asserted.

import { Kafka, KafkaJSError, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type TestCluster } from './cluster-fixture.ts';
import { untilKnown } from './known-topics.ts';

process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

let cluster: TestCluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({
    brokers: 3,
    settings: {
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'offsets.topic.num.partitions': '3',
    },
  });
  kafka = new Kafka({
    clientId: 'replication',
    brokers: [...cluster.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 100, initialRetryTime: 20, maxRetryTime: 200 },
  });
});

afterAll(async () => {
  await cluster?.close();
});

/** Led by the first of each list; broker 1 is the controller and stays up. */
async function createTopic(topic: string, assignments: readonly (readonly number[])[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, replicaAssignment: assignments.map((replicas, partition) => ({ partition, replicas: [...replicas] })) }],
  });
  await admin.disconnect();
  await untilKnown(cluster, topic, assignments.length);
}

interface PartitionState {
  readonly leader: number;
  readonly isr: readonly number[];
}

async function partitionStates(topic: string): Promise<readonly PartitionState[]> {
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return [...(topics[0]?.partitions ?? [])]
    .sort((a, b) => a.partitionId - b.partitionId)
    .map(({ leader, isr }) => ({ leader, isr: [...isr].sort() }));
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  await expect.poll(isTrue, { message: what }).toBe(true);
}

const everybody = [1, 2, 3];

async function allInSync(topic: string): Promise<boolean> {
  return (await partitionStates(topic)).every(({ isr }) => isr.join() === everybody.join());
}

interface Sending {
  /** By partition, in the order of the acknowledgements. */
  readonly acknowledged: Map<number, string[]>;
  readonly longestGapMs: () => number;
  stop(): Promise<void>;
}

/** One record after the other to every partition, each acknowledged by all that are in sync. */
function sendOn(producer: Producer, topic: string, partitions: number): Sending {
  const acknowledged = new Map<number, string[]>();
  let isStopping = false;
  let longestGapMs = 0;
  const run = async (partition: number): Promise<void> => {
    const values: string[] = [];
    acknowledged.set(partition, values);
    for (let number = 0; !isStopping; number += 1) {
      const sentAt = performance.now();
      const value = `${partition}#${number}`;
      await producer.send({ topic, acks: -1, messages: [{ partition, value }] });
      values.push(value);
      longestGapMs = Math.max(longestGapMs, performance.now() - sentAt);
    }
  };
  const running = Promise.all(Array.from({ length: partitions }, (_, partition) => run(partition)));
  return {
    acknowledged,
    longestGapMs: () => longestGapMs,
    async stop() {
      isStopping = true;
      await running;
    },
  };
}

async function readAll(topic: string, count: number): Promise<ReadonlyMap<number, readonly string[]>> {
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}` });
  const read = new Map<number, string[]>();
  let total = 0;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    void consumer.run({
      eachMessage: async ({ partition, message }) => {
        const values = read.get(partition) ?? [];
        read.set(partition, values);
        values.push(String(message.value));
        total += 1;
        if (total >= count) resolve();
      },
    });
  });
  await consumer.disconnect();
  return read;
}

/** kafkajs's admin gives up soon on a coordinator that is still loading its offsets; an application would ask again. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answers: Answer[] = [];
  const attempt = async (): Promise<boolean> => {
    try {
      answers.push(await ask());
    } catch (error) {
      if (!(error instanceof KafkaJSError) || !error.retriable) throw error;
    }
    return answers.length > 0;
  };
  await until(attempt, 'the coordinator answers');
  return answers[0] as Answer;
}

describe('three replicas', () => {
  test('a leader killed under load: writes go on, every acknowledged record is there once', async () => {
    const topic = 'killed-leader';
    await createTopic(topic, [
      [2, 3, 1],
      [3, 1, 2],
    ]);
    await until(() => allInSync(topic), 'three in sync');
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const sending = sendOn(producer, topic, 2);
    const gaps: string[] = [];
    for (const victim of [2, 3]) {
      const before = sending.acknowledged.get(0)?.length ?? 0;
      await until(async () => (sending.acknowledged.get(0)?.length ?? 0) > before + 50, 'records flow');
      await cluster.kill(victim);
      await until(async () => (await partitionStates(topic)).every(({ leader }) => leader !== victim && leader > 0), 'a new leader');
      const after = sending.acknowledged.get(0)?.length ?? 0;
      await until(async () => (sending.acknowledged.get(0)?.length ?? 0) > after + 20, 'records flow again');
      gaps.push(`broker ${victim}: ${sending.longestGapMs().toFixed(0)} ms`);
      await cluster.restart(victim);
      await until(() => allInSync(topic), `broker ${victim} is back in sync`);
    }
    await sending.stop();
    await producer.disconnect();
    console.log(`longest gap so far behind the kill of ${gaps.join(', ')}`);
    const total = [...sending.acknowledged.values()].reduce((sum, values) => sum + values.length, 0);
    const read = await readAll(topic, total);
    for (const [partition, values] of sending.acknowledged) expect(read.get(partition)).toEqual(values);
    expect(total).toBeGreaterThan(100);
  });

  test('a group finds its offsets again when its coordinator was killed', async () => {
    const topic = 'offsets-survive';
    await createTopic(topic, [[1, 2, 3]]);
    const admin = kafka.admin();
    await admin.connect();
    const groupIds = ['group-a', 'group-b'];
    // Each setOffsets of kafkajs is a consumer that joins and sits out one fetch of five seconds: that is this test's time.
    for (const groupId of groupIds)
      await patiently(() => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '0' }] }));
    await until(() => allInSync('__consumer_offsets'), 'the offsets topic is in sync');
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
    await producer.disconnect();
    for (const groupId of groupIds)
      await patiently(() => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '2' }] }));
    const led = (await partitionStates('__consumer_offsets')).map(({ leader }) => leader);
    const victim = led.find((leader) => leader !== 1) ?? 2;
    await cluster.kill(victim);
    const killedAt = performance.now();
    for (const groupId of groupIds) {
      const [offsets] = await patiently(() => admin.fetchOffsets({ groupId, topics: [topic] }));
      expect(offsets?.partitions).toMatchObject([{ partition: 0, offset: '2' }]);
      console.log(`${groupId} answered ${(performance.now() - killedAt).toFixed(0)} ms after its coordinator may have been killed`);
    }
    await cluster.restart(victim);
    await admin.disconnect();
  });
});
