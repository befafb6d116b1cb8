// What the console asks of quorum and moves, against three real broker processes.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type TestCluster } from '#engine/conformance/cluster-fixture.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { KafkaCluster } from './kafka-cluster.ts';

let brokers: TestCluster;
let cluster: KafkaCluster;

beforeAll(async () => {
  brokers = await startCluster({ brokers: 3 });
  cluster = new KafkaCluster({ world: nodeWorld(), bootstrap: brokers.bootstrap.join(',') });
});
afterAll(async () => {
  await cluster?.close();
  await brokers?.close();
});

const replicasOf = async (topic: string) => (await cluster.describeTopic(topic)).partitions.map(({ replicas }) => replicas);

test('the quorum names its leader, and tells of every node how far it has come', async () => {
  const quorum = await cluster.quorum();
  expect(quorum.voters.map(({ nodeId }) => nodeId)).toContain(quorum.leaderId);
  expect([...quorum.voters, ...quorum.observers].map(({ nodeId }) => nodeId).sort()).toEqual([1, 2, 3]);
  expect(quorum.highWatermark).toBeGreaterThan(0);
  for (const { lag, logEndOffset } of quorum.voters) {
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(logEndOffset).toBeGreaterThan(0);
  }
});

test('a partition moves to another broker, and what can not be moved says why beside it', async () => {
  await cluster.createTopic({ name: 'moving', partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: false });
  const [[from]] = (await replicasOf('moving')) as [[number]];
  const to = (from % 3) + 1;
  expect(await cluster.moves.order([{ topic: 'moving', partition: 0, replicas: null }])).toMatchObject([
    { error: 'NO_REASSIGNMENT_IN_PROGRESS' },
  ]);
  expect(
    await cluster.moves.order([
      { topic: 'moving', partition: 0, replicas: [to] },
      { topic: 'moving', partition: 7, replicas: [to] },
    ]),
  ).toMatchObject([
    { partition: 0, error: null },
    { partition: 7, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
  ]);
  await expect.poll(() => replicasOf('moving'), { timeout: 30_000 }).toEqual([[to]]);
  expect(await cluster.moves.list()).toEqual([]);
});

test('a preferred election that nobody needs is done already', async () => {
  await cluster.createTopic({ name: 'still', partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: false });
  expect(await cluster.moves.electPreferred([{ topic: 'still', partition: 0 }])).toMatchObject([{ error: null }]);
  expect(await cluster.moves.electPreferred(null)).toEqual([]);
});
