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
  await expect.poll(() => replicasOf('moving')).toEqual([[to]]);
  expect(await cluster.moves.list()).toEqual([]);
});

test('a preferred election that nobody needs is done already', async () => {
  await cluster.createTopic({ name: 'still', partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: false });
  expect(await cluster.moves.electPreferred([{ topic: 'still', partition: 0 }])).toMatchObject([{ error: null }]);
  expect(await cluster.moves.electPreferred(null)).toEqual([]);
});

const produceTo = (topic: string, count: number) =>
  cluster.produce(
    Array.from({ length: count }, () => ({ topic, partition: 0, key: null, value: new Uint8Array(8), headers: [], timestampMs: null })),
  );

test('the replicas of a partition are told side by side by their own brokers, with the epochs that wrote them', async () => {
  await cluster.createTopic({ name: 'copied', partitionCount: 1, replicationFactor: 3, configs: {}, validateOnly: false });
  const [[first, second, third]] = (await replicasOf('copied')) as [[number, number, number]];
  await produceTo('copied', 5);
  await expect
    .poll(async () => (await cluster.partitionReplicas('copied', 0)).replicas.map(({ logEndOffset, lag }) => [logEndOffset, lag]))
    .toEqual([
      [5, 0],
      [5, 0],
      [5, 0],
    ]);
  const before = await cluster.partitionReplicas('copied', 0);
  expect(before.replicas[0]).toMatchObject({ brokerId: first, isLeader: true, isPreferred: true, isInSync: true, highWatermark: 5 });
  expect(before.replicas[1]).toMatchObject({ brokerId: second, isLeader: false, logStartOffset: 0, highWatermark: null });
  expect(before.epochs).toEqual([{ epoch: before.leaderEpoch, startOffset: 0 }]);

  // Another first choice, and its election, end the epoch.
  expect(await cluster.moves.order([{ topic: 'copied', partition: 0, replicas: [second, third, first] }])).toMatchObject([{ error: null }]);
  await cluster.moves.electPreferred([{ topic: 'copied', partition: 0 }]);
  await expect.poll(async () => (await cluster.partitionReplicas('copied', 0)).leaderId).toBe(second);
  await produceTo('copied', 2);
  const after = await cluster.partitionReplicas('copied', 0);
  expect(after.epochs?.map(({ startOffset }) => startOffset)).toEqual([0, 5]);
  expect(after.epochs?.at(-1)?.epoch).toBe(after.leaderEpoch);
});

test('a broker is drained on paper first: where each copy would go, and what can go nowhere', async () => {
  await cluster.createTopic({ name: 'narrow', partitionCount: 3, replicationFactor: 1, configs: {}, validateOnly: false });
  const plan = await cluster.moves.drainPlan(1);
  const narrow = plan.moves.filter(({ topic }) => topic === 'narrow');
  expect(narrow).toHaveLength(1);
  expect(narrow[0]?.from).toEqual([1]);
  expect([2, 3]).toContain(narrow[0]?.to?.[0]);
  expect(plan.moves.find(({ topic }) => topic === 'copied')?.to).toBeNull();
  expect(await replicasOf('narrow')).toContainEqual([1]);
});

test('a partition that is not there is told so', async () => {
  await expect(cluster.partitionReplicas('copied', 9)).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' });
});
