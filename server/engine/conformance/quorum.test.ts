// Three voters as real processes: the active controller is killed outright, and the cluster goes on creating topics. How long
// that took is printed, never asserted: this machine is shared.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const ids = [1, 2, 3];
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
});
afterAll(async () => {
  await cluster?.close();
});

/** A client that knows this broker alone. */
async function asking<Result>(brokerId: number, work: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const [host = '', port] = (cluster.bootstrap[brokerId - 1] ?? '').split(':');
  const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host, port: Number(port) }], clientId: 'quorum' });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function create(client: KafkaClient, name: string, timeoutMs = 30_000): Promise<number | undefined> {
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  const { topics: created } = await client.toAny(createTopicsApi, { topics, timeoutMs, validateOnly: false });
  return created[0]?.errorCode;
}

function topicsOn(brokerId: number): Promise<readonly string[]> {
  return asking(brokerId, async (client) => [...(await client.metadata(0)).topics.values()].map(({ name }) => name).sort());
}

function leaderSeenBy(brokerId: number): Promise<{ readonly leaderId: number; readonly leaderEpoch: number }> {
  return asking(brokerId, async (client) => {
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
    const answer = await client.toAny(describeQuorumApi, { topics });
    return answer.topics[0]!.partitions[0]!;
  });
}

/** Metadata travels on by itself; a broker asked too early has simply not read it yet. */
async function hasTopics(brokerId: number, names: readonly string[]): Promise<void> {
  await expect.poll(() => topicsOn(brokerId), { interval: 50 }).toEqual([...names].sort());
}

test('each active controller in turn is killed; the next one knows every topic and creates another', async () => {
  const gapsMs: number[] = [];
  const names: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = await leaderSeenBy(1);
    const survivor = ids.find((id) => id !== before.leaderId) as number;
    await asking(survivor, async (client) => {
      expect(await create(client, `before-${round}`)).toBe(0);
      const fromMs = performance.now();
      await cluster.kill(before.leaderId);
      expect(await create(client, `after-${round}`)).toBe(0);
      gapsMs.push(Math.round(performance.now() - fromMs));
    });
    const after = await leaderSeenBy(survivor);
    expect(after.leaderEpoch).toBeGreaterThan(before.leaderEpoch);
    expect(after.leaderId).not.toBe(before.leaderId);
    names.push(`before-${round}`, `after-${round}`);
    await cluster.restart(before.leaderId);
    await hasTopics(before.leaderId, names);
  }
  console.log(`from kill -9 of the active controller to the next created topic: ${gapsMs.join(', ')} ms`);
});

test('an active controller that is frozen is replaced; thawed, it follows and takes nothing back', async () => {
  const before = await leaderSeenBy(1);
  const survivor = ids.find((id) => id !== before.leaderId) as number;
  const known = await topicsOn(survivor);
  const frozen = cluster.brokers[before.leaderId - 1]!;
  const fromMs = performance.now();
  process.kill(frozen.pid, 'SIGSTOP');
  try {
    expect(await asking(survivor, (client) => create(client, 'while-frozen'))).toBe(0);
    console.log(`from SIGSTOP of the active controller to the next created topic: ${Math.round(performance.now() - fromMs)} ms`);
    expect((await leaderSeenBy(survivor)).leaderEpoch).toBeGreaterThan(before.leaderEpoch);
  } finally {
    process.kill(frozen.pid, 'SIGCONT');
  }
  await hasTopics(before.leaderId, [...known, 'while-frozen']);
  expect(await asking(before.leaderId, (client) => create(client, 'after-thaw'))).toBe(0);
  for (const id of ids) await hasTopics(id, [...known, 'while-frozen', 'after-thaw']);
});

test('one of three left creates nothing and says so; a second one is enough', async () => {
  const { leaderId } = await leaderSeenBy(1);
  const [left, gone] = ids.filter((id) => id !== leaderId) as [number, number];
  const known = await topicsOn(left);
  await cluster.kill(leaderId);
  await cluster.kill(gone);
  expect(await asking(left, (client) => create(client, 'frozen', 3_000))).toBe(errorCodes.REQUEST_TIMED_OUT);
  expect(await topicsOn(left), 'what is known is still told').toEqual(known);
  expect(await leaderSeenBy(left), 'and so is that nobody leads').toMatchObject({ leaderId: -1 });
  await cluster.restart(gone);
  expect(await asking(left, (client) => create(client, 'thawed'))).toBe(0);
  await cluster.restart(leaderId);
  for (const id of ids) await hasTopics(id, [...known, 'thawed']);
});

test('all three stop in order, each with exit code 0, though nobody is left to hand over to', async () => {
  expect(await Promise.all(ids.map((id) => cluster.stop(id)))).toEqual([0, 0, 0]);
});
