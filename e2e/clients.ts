// The Kafka clients beside the browser: what the screen shows is held against what an independent client library says.

import { expect } from '@playwright/test';
import { Kafka, logLevel, type Consumer, type IHeaders, type Message } from 'kafkajs';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { offsetCommitApi } from '#engine/protocol/apis/08-offset-commit.ts';
import { findCoordinatorApi } from '#engine/protocol/apis/10-find-coordinator.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

/** Later versions of OffsetCommit name topics by id. */
const lastCommitWithNames = 9;

export function kafkaAt(bootstrap: string): Kafka {
  return new Kafka({ clientId: 'e2e', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry: { retries: 8 } });
}

export async function withAdmin<Answer>(kafka: Kafka, work: (admin: ReturnType<Kafka['admin']>) => Promise<Answer>): Promise<Answer> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function createTopic(kafka: Kafka, topic: string, partitions: number): Promise<void> {
  await withAdmin(kafka, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }], waitForLeaders: true }),
  );
}

export async function deleteTopics(kafka: Kafka, isWanted: (topic: string) => boolean): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    const topics = (await admin.listTopics()).filter(isWanted);
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

/** A member whose farewell was lost with its coordinator keeps the group alive until its session is over. */
export async function deleteGroup(kafka: Kafka, groupId: string): Promise<void> {
  await expect(async () => {
    const { groups } = await withAdmin(kafka, (admin) => admin.listGroups());
    if (groups.some((group) => group.groupId === groupId)) await withAdmin(kafka, (admin) => admin.deleteGroups([groupId]));
  }).toPass();
}

export async function produce(kafka: Kafka, topic: string, messages: Message[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

/** Every record of a topic in offset order of its partitions, read by a group of its own that is deleted afterwards. */
export async function readAll(kafka: Kafka, topic: string, count: number): Promise<readonly ReadRecord[]> {
  const groupId = `${topic}-witness`;
  const consumer = kafka.consumer({ groupId });
  const records: ReadRecord[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) =>
        void records.push({ partition, offset: message.offset, key: message.key, value: message.value, headers: message.headers ?? {} }),
    });
    await expect.poll(() => records.length, { message: `records read from ${topic}` }).toBeGreaterThanOrEqual(count);
  } finally {
    await consumer.disconnect();
  }
  await deleteGroup(kafka, groupId);
  return records.toSorted((left, right) => left.partition - right.partition || Number(left.offset) - Number(right.offset));
}

interface GroupPlan {
  readonly groupId: string;
  readonly topic: string;
  readonly kafka: Kafka;
}

/** A consumer that has joined, read its partitions from the start, and commits only what it is told to. */
export async function joinGroup({
  groupId,
  topic,
  kafka,
}: GroupPlan): Promise<{ readonly consumer: Consumer; readonly seen: readonly ReadRecord[] }> {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 30_000, heartbeatInterval: 1_000 });
  const seen: ReadRecord[] = [];
  const joined = new Promise<void>((settle) => consumer.on(consumer.events.GROUP_JOIN, () => settle()));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) =>
      void seen.push({ partition, offset: message.offset, key: message.key, value: message.value, headers: message.headers ?? {} }),
  });
  await joined;
  return { consumer, seen };
}

export interface CommitPlan {
  readonly bootstrap: string;
  readonly groupId: string;
  readonly topic: string;
}

/** A commit from outside any membership, which makes a group of whatever id: other clients refuse the empty one. */
export async function commitAtStart({ bootstrap, groupId, topic }: CommitPlan): Promise<void> {
  const addresses = bootstrap.split(',').map((address) => {
    const [host = '', port] = address.split(':');
    return { host, port: Number(port) };
  });
  const client = new KafkaClient(nodeWorld(), { bootstrap: addresses, clientId: 'e2e' });
  try {
    const find = async (): Promise<number> =>
      (await client.toAny(findCoordinatorApi, { key: '', coordinatorKeys: [groupId] })).coordinators[0]?.nodeId ?? -1;
    // The first question of a fresh cluster makes the topic of the offsets; until it has leaders nobody coordinates.
    await expect.poll(find, { message: `the coordinator of ${JSON.stringify(groupId)}` }).toBeGreaterThanOrEqual(0);
    const partitions = [{ partitionIndex: 0, committedOffset: 0, committedMetadata: null }];
    const request = { groupId, memberId: '', topics: [{ name: topic, partitions }] };
    const target = { brokerId: await find(), maxVersion: lastCommitWithNames };
    const answer = await client.toBroker(target, offsetCommitApi, request);
    expect(answer.topics[0]?.partitions[0]?.errorCode, `the commit of group ${JSON.stringify(groupId)}`).toBe(0);
  } finally {
    client.close();
  }
}
