// The bound of partitions a broker, over real processes: one replica too many is refused by whichever broker is asked, in
// Kafka's own answers, and nothing of it is there afterwards.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { createPartitionsApi } from '#engine/protocol/apis/37-create-partitions.ts';
import { incrementalAlterConfigsApi } from '#engine/protocol/apis/44-incremental-alter-configs.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const { NONE, POLICY_VIOLATION } = errorCodes;
/** Nothing here is about time: a slow machine may take what it needs. */
const timeoutMs = 600_000;
const bound = 6;
let cluster: TestCluster;
let client: KafkaClient;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3, settings: { 'logarium.max.partitions.per.broker': String(bound), 'num.partitions': '20' } });
  client = new KafkaClient(nodeWorld(), { bootstrap: cluster.brokers.map(({ port }) => ({ host: '127.0.0.1', port })), clientId: 'bound' });
});
afterAll(async () => {
  client?.close();
  await cluster?.close();
});

/** Asks every broker in turn, so that forwarding is on the way too. */
let turn = 0;
function nextBroker(): number {
  return (turn++ % 3) + 1;
}

async function create(
  name: string,
  { partitions, replicas = 3, validateOnly = false }: { partitions: number; replicas?: number; validateOnly?: boolean },
): Promise<readonly [number, string]> {
  const topics = [{ name, numPartitions: partitions, replicationFactor: replicas, assignments: [], configs: [] }];
  const answer = await client.toBroker(nextBroker(), createTopicsApi, { topics, timeoutMs, validateOnly });
  return [answer.topics[0]?.errorCode ?? -1, answer.topics[0]?.errorMessage ?? ''];
}

async function grow(name: string, count: number, validateOnly = false): Promise<number> {
  const body = { topics: [{ name, count, assignments: null }], timeoutMs, validateOnly };
  return (await client.toBroker(nextBroker(), createPartitionsApi, body)).results[0]?.errorCode ?? -1;
}

async function move(name: string, replicas: readonly number[]): Promise<number> {
  const topics = [{ name, partitions: [{ partitionIndex: 0, replicas }] }];
  const answer = await client.toBroker(nextBroker(), alterPartitionReassignmentsApi, { timeoutMs, topics });
  return answer.responses[0]?.partitions[0]?.errorCode ?? -1;
}

async function topicNames(): Promise<readonly string[]> {
  return [...(await client.metadata(0)).topics.keys()].sort();
}

describe('a broker at its bound', () => {
  test('takes what fits, and one more is refused with words and leaves nothing behind', async () => {
    expect(await create('fits', { partitions: 5 })).toEqual([NONE, '']);
    for (const validateOnly of [true, false]) {
      const [errorCode, words] = await create('too-much', { partitions: 2, validateOnly });
      expect(errorCode).toBe(POLICY_VIOLATION);
      expect(words).toContain(`holds 5 of at most ${bound} partitions`);
      expect(words).toContain('logarium.max.partitions.per.broker');
      expect(await grow('fits', 7, validateOnly)).toBe(POLICY_VIOLATION);
    }
    expect(await topicNames()).toEqual(['fits']);
  });

  test('shows what it holds and what it may hold', async () => {
    for (const { latestMetrics } of cluster.brokers)
      await expect.poll(() => latestMetrics()).toMatchObject({ partitions: 5, partitionLimit: bound });
  });

  test('is not filled by a topic that comes into being because somebody asks for it, and its log says why', async () => {
    await client.toBroker(1, metadataApi, { topics: [{ name: 'asked-for' }], allowAutoTopicCreation: true });
    const line = (): unknown => cluster.brokers[0]?.logLines.find(({ event }) => event === 'auto-creation-failed');
    await expect.poll(line).toMatchObject({ topic: 'asked-for', error: 'POLICY_VIOLATION' });
    expect(await topicNames()).toEqual(['fits']);
  });

  test('takes no partition that moves there, and the bound of one broker changes while it runs', async () => {
    expect(await create('small', { partitions: 1, replicas: 1 })).toEqual([NONE, '']);
    const [holder] = (await client.metadata(0)).topics.get('small')?.partitions[0]?.replicas ?? [];
    const [target, other] = [1, 2, 3].filter((brokerId) => brokerId !== holder) as [number, number];
    const configs = [{ name: 'logarium.max.partitions.per.broker', configOperation: 0, value: '5' }];
    const resources = [{ resourceType: 4, resourceName: String(target), configs }];
    await client.toBroker(nextBroker(), incrementalAlterConfigsApi, { resources, validateOnly: false });
    const limitOf = (brokerId: number): number | undefined => cluster.brokers[brokerId - 1]?.latestMetrics()?.partitionLimit;
    await expect.poll(() => limitOf(target)).toBe(5);
    expect(await move('small', [target])).toBe(POLICY_VIOLATION);
    expect(await move('small', [other])).toBe(NONE);
  });
});
